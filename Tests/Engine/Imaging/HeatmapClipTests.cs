using Interp.Engine.Imaging;

namespace Interp.Tests.Engine.Imaging;

[TestClass]
public sealed class HeatmapClipTests
{
    [TestMethod]
    [DataRow(0.0, 1.0)]
    [DataRow(50.0, 3.0)]
    [DataRow(99.0, 9.76)]
    [DataRow(100.0, 10.0)]
    [DataRow(10.0, 1.4)]
    public void Percentile_FiveValues_IsNumPys(double q, double expected) =>
        Assert.AreEqual(expected, HeatmapClip.Percentile([1, 2, 3, 4, 10], q), 1e-12, "float64 arithmetic on small integers");

    [TestMethod]
    public void Range_Percentile99_IsTheMinimumAndThePercentile()
    {
        // 0, 1, …, 200: the 99th percentile stands at position 198.
        float[] values = [.. Enumerable.Range(0, 201).Reverse().Select(i => (float)i)];
        (double low, double high) = HeatmapClip.Percentile99.Range(values, out bool isFallback);
        Assert.AreEqual((0, 198, false), (low, high, isFallback));
    }

    [TestMethod]
    public void Range_None_IsTheMinimumAndTheMaximum() => Assert.AreEqual((-2, 5), HeatmapClip.None.Range([5, -2, 1], out _));

    [TestMethod]
    public void Range_Mass98_IsCaptumsThreshold()
    {
        // 1 (forty times), 2 and 10 sum to 52; 98 % of that is 50.96, which only the last value reaches. With a thousand ones, the sum is
        // 1012 and its 98 % 991.76, reached among the ones.
        Assert.AreEqual((0, 10), HeatmapClip.Mass98.Range([10, 2, .. Enumerable.Repeat(1f, 40)], out _));
        Assert.AreEqual((0, 1), HeatmapClip.Mass98.Range([10, 2, .. Enumerable.Repeat(1f, 1000)], out _));
    }

    [TestMethod]
    public void Range_AlmostAllZero_FallsBackToTheMaximum()
    {
        (double low, double high) = HeatmapClip.Percentile99.Range([7, .. new float[500]], out bool isFallback);
        Assert.AreEqual((0, 7, true), (low, high, isFallback));
    }

    [TestMethod]
    public void Range_Constant_IsEmpty()
    {
        (double low, double high) = HeatmapClip.Percentile99.Range([3, 3, 3], out bool isFallback);
        Assert.AreEqual((3, 3, false), (low, high, isFallback));
    }
}
