using Interp.Engine.Common;
using Interp.Engine.Statistics;

namespace Interp.Tests.Engine.Statistics;

[TestClass]
public sealed class DrawsTests
{
    [TestMethod]
    public void Permutation_IsOneOfAllOrdersEquallyOften()
    {
        var counts = new Dictionary<string, int>();
        for (ulong i = 0; i < 600; i++)
        {
            string order = string.Concat(Draws.Permutation(3, new Rng(1, i)));
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }

        Assert.HasCount(6, counts);
        Assert.IsTrue(counts.Values.All(n => n is > 65 and < 135), "100 each, standard deviation 9");
    }

    [TestMethod]
    public void Sample_IsTheBeginningOfThePermutation()
    {
        CollectionAssert.AreEqual(Draws.Permutation(20, new Rng(2))[..7], Draws.Sample(20, 7, new Rng(2)));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Draws.Sample(3, 4, new Rng(2)));
    }
}
