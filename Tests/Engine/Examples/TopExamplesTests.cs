using Interp.Engine.Examples;

namespace Interp.Tests.Engine.Examples;

[TestClass]
public sealed class TopExamplesTests
{
    private static readonly (string Name, float Largest, float Smallest, double Mean)[] s_images =
        [("a", 1, -1, 0.5), ("b", 4, -5, 0), ("c", 4, 0, 2), ("d", 2, 0, 1), ("e", 4, -5, 0)];

    [TestMethod]
    [DataRow(false, ExampleRank.Max, "c b e", DisplayName = "equal values by their means, then by order")]
    [DataRow(false, ExampleRank.Mean, "c d a")]
    [DataRow(true, ExampleRank.Max, "b e a")]
    [DataRow(true, ExampleRank.Mean, "b e a")]
    public void Best_HoldsTheFirstThree(bool least, ExampleRank rank, string expected)
    {
        var top = new TopExamples(3, least, rank);
        foreach ((string name, float largest, float smallest, double mean) in s_images)
        {
            top.Offer(name, null, new UnitReading(largest, (1, 2), smallest, (3, 4), mean));
            Assert.IsLessThanOrEqualTo(3, top.Best.Count);
        }

        Assert.AreEqual(expected, string.Join(' ', top.Best.Select(e => e.Image)));
        Assert.AreEqual(least ? (3, 4) : (1, 2), (top.Best[0].Y, top.Best[0].X));
    }

    [TestMethod]
    public void Best_OfAnyOrder_IsThatOfSorting()
    {
        var rng = new Interp.Engine.Common.Rng(5);
        float[] values = [.. Enumerable.Range(0, 500).Select(i => (float)rng.Gaussian((ulong)i))];
        var top = new TopExamples(17, least: false, ExampleRank.Max);
        for (int i = 0; i < values.Length; i++)
        {
            top.Offer($"{i}", i, new UnitReading(values[i], (0, 0), 0, (0, 0), 0));
        }

        CollectionAssert.AreEqual(values.OrderDescending().Take(17).ToArray(), top.Best.Select(e => e.Value).ToArray());
    }
}
