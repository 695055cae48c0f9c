using Interp.Engine.Visualization.Objectives;
using Interp.Engine.Visualization.Objectives.Likeness;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Visualization.Objectives;

/// <summary>Against the formula, on maps of one strip, of several, and with ends that fill no vector.</summary>
[TestClass]
public sealed class GramTests
{
    private readonly Gaussian _random = new(81);

    [TestMethod]
    [DataRow(3, 1)]
    [DataRow(5, 37)]
    [DataRow(4, 128)]
    [DataRow(7, 301)]
    public void Of_AnyMap_IsTheMeanProduct(int channels, int plane)
    {
        var size = new MapSize(1, channels, plane);
        float[] a = _random.Values(size.Row);
        double[] gram = Gram.Of(a, size);

        for (int k = 0; k < channels; k++)
        {
            for (int l = 0; l < channels; l++)
            {
                double expected = Enumerable.Range(0, plane).Sum(p => (double)a[(k * plane) + p] * a[(l * plane) + p]) / plane;
                Assert.AreEqual(expected, gram[(k * channels) + l], 1e-13, "float64 rounding of sums of order 1");
            }
        }
    }

    [TestMethod]
    [DataRow(3, 1)]
    [DataRow(5, 37)]
    [DataRow(7, 301)]
    public void AddGradient_AnyMap_IsTheSlopeTimesTheMap(int channels, int plane)
    {
        var size = new MapSize(1, channels, plane);
        float[] a = _random.Values(size.Row), sum = new float[size.Row];
        var slope = new double[channels * channels];
        for (int i = 0; i < slope.Length; i++)
        {
            slope[i] = (i / channels * (i % channels)) + 0.5;
        }

        Array.Fill(sum, 1);
        Gram.AddGradient(sum, a, size, slope);

        for (int i = 0; i < sum.Length; i++)
        {
            double line = Enumerable.Range(0, channels).Sum(l => slope[(i / plane * channels) + l] * a[(l * plane) + (i % plane)]);
            Assert.AreEqual(1 + (2 * line / plane), sum[i], 1e-5 * Math.Max(1, Math.Abs(line)), "two roundings to float32");
        }
    }
}
