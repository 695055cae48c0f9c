using Interp.Engine.Concepts.Relevance;
using Interp.Engine.Imaging;
using Interp.Engine.Statistics;

namespace Interp.Tests.Engine.Concepts.Relevance;

[TestClass]
public sealed class RankingSupportTests
{
    [TestMethod]
    [DataRow(4, 4, 4, 8, 1 / 70.0)]
    [DataRow(3, 4, 4, 8, 17 / 70.0)]
    [DataRow(0, 4, 4, 8, 1.0)]
    [DataRow(5, 4, 4, 8, 0.0)]
    [DataRow(3, 5, 3, 20, 10 / 1140.0)]
    [DataRow(7, 8, 9, 10, 1.0)]
    public void AtLeast_CountsDraws(int least, int drawn, int marked, int all, double expected) =>
        Assert.AreEqual(expected, Hypergeometric.AtLeast(least, drawn, marked, all), 1e-12, "C(K,i)·C(N−K,n−i)/C(N,n), by hand");

    [TestMethod]
    public void AtLeast_IsTheShareOfShuffles()
    {
        var random = new Random(5);
        int hits = 0;
        int[] things = [.. Enumerable.Range(0, 30)];
        for (int i = 0; i < 20000; i++)
        {
            random.Shuffle(things);
            hits += things.Take(12).Count(t => t < 9) >= 5 ? 1 : 0;
        }

        Assert.AreEqual(hits / 20000.0, Hypergeometric.AtLeast(5, 12, 9, 30), 4 * Math.Sqrt(0.25 / 20000), "four standard errors");
    }

    [TestMethod]
    public void Support_CountsEachChannelInEachKindOfPhoto()
    {
        RankingSupport support = RankingSupport.Of([7, 2], 10, [[7, 2], [7, 3], [7, 9]], [[1, 2], [4, 5], [2, 6], [0, 1], [2, 3]]);

        CollectionAssert.AreEqual(new[] { 3, 1 }, support.Channels.Select(c => c.Same).ToArray());
        CollectionAssert.AreEqual(new[] { 0, 3 }, support.Channels.Select(c => c.Others).ToArray());
        Assert.AreEqual(1 / 56.0, support.Channels[0].P, 1e-12, "3 of 8 photos, all in the 3 of the class: 1/C(8,3)");
        Assert.AreEqual(4 / 3.0, support.SameOverlap, 1e-12);
        Assert.AreEqual(3 / 5.0, support.OtherOverlap, 1e-12);
        Assert.AreEqual(0.4, support.ChanceOverlap, 1e-12);
    }

    [TestMethod]
    public void Support_WithoutPhotosOfTheClass_SaysSo()
    {
        RankingSupport support = RankingSupport.Of([7], 10, [], [[1], [7]]);

        Assert.IsTrue(double.IsNaN(support.Channels[0].P) && double.IsNaN(support.SameOverlap));
        Assert.AreEqual(0.5, support.OtherOverlap);
    }

    [TestMethod]
    public void Crop_IsTheBrightPartOfTheMap()
    {
        var image = new RgbImage(60, 60, [.. Enumerable.Repeat((byte)200, 3 * 3600)]);
        var map = new float[3 * 3600];
        for (int y = 20; y < 30; y++)
        {
            map.AsSpan((y * 60) + 35, 10).Fill(1);
            map.AsSpan(3600 + (y * 60) + 5, 10).Fill(-5);
        }

        RgbImage crop = RelevanceCrop.Cut(image, map, 96), nothing = RelevanceCrop.Cut(image, new float[3600], 96);

        byte At(RgbImage i, int x, int y) => i.Pixels[3 * ((y * 96) + x)];
        Assert.AreEqual(200, At(crop, 48, 48), "the middle of the block");
        Assert.AreEqual(60, At(crop, 2, 2), "its rim, darkened to 0.3");
        Assert.IsTrue(nothing.Pixels.All(v => v == 60), "nothing above zero: the whole photo, dark");
    }
}
