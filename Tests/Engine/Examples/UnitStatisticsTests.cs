using Interp.Engine.Common;
using Interp.Engine.Examples;
using Interp.Engine.Tensors;

namespace Interp.Tests.Engine.Examples;

[TestClass]
public sealed class UnitStatisticsTests
{
    private const int Images = 2000;

    [TestMethod]
    public void Add_ManyImages_IsWhatAPlainLoopFinds()
    {
        UnitReading[] readings = Readings();
        double[] largest = [.. readings.Select(r => (double)r.Largest)];
        var statistics = new UnitStatistics();
        foreach (UnitReading r in readings)
        {
            statistics.Add(r);
        }

        double mean = largest.Average();
        Assert.AreEqual(Images, statistics.Images);
        Assert.AreEqual(largest.Count(m => m > 0), statistics.Active);
        Assert.AreEqual(mean, statistics.Mean, 1e-12, "float64 sums of 2000 values around 1");
        Assert.AreEqual(Math.Sqrt(largest.Average(m => (m - mean) * (m - mean))), statistics.Deviation, 1e-12);
        Assert.AreEqual((largest.Min(), largest.Max()), (statistics.Minimum, statistics.Maximum));
        Assert.AreEqual(readings.Min(r => r.Smallest), statistics.Lowest);
        Assert.AreEqual(readings.Average(r => r.Mean), statistics.MeanActivation, 1e-12);
        Assert.AreEqual((readings.Min(r => r.Mean), readings.Max(r => r.Mean)), (statistics.LowestMean, statistics.HighestMean));
        Array.Sort(largest);
        foreach (double q in (double[])[0, 0.01, 0.25, 0.5, 0.77, 0.99, 1])
        {
            double expected = largest[Math.Max(0, (int)Math.Ceiling(q * Images) - 1)];
            Assert.AreEqual(expected, statistics.Quantile(q), Math.Abs(expected) / 256,
                $"quantile {q}: bins are at most 1/256 of a value wide");
        }
    }

    [TestMethod]
    public void Histogram_CountsEveryImage()
    {
        double[] largest = [-1, 0, 0.5, 0.5, 3];
        var statistics = new UnitStatistics();
        foreach (double m in largest)
        {
            statistics.Add(Reading((float)m));
        }

        CollectionAssert.AreEqual(new long[] { 1, 3, 0, 1 }, statistics.Histogram(4), "steps from -1 to 3");
        Assert.AreEqual(4, statistics.Active + 1, "three of them are above 0");
    }

    [TestMethod]
    public void Histogram_EqualValues_IsOneStep()
    {
        var statistics = new UnitStatistics();
        statistics.Add(Reading(2));
        statistics.Add(Reading(2));

        CollectionAssert.AreEqual(new long[] { 2 }, statistics.Histogram(10));
        Assert.AreEqual(0, statistics.Deviation);
    }

    [TestMethod]
    public void Snapshot_GoesOnAsIfNothingHadHappened()
    {
        UnitReading[] readings = Readings();
        var whole = new UnitExamples(0, 3, ExampleRank.Max);
        var first = new UnitExamples(0, 3, ExampleRank.Max);
        var shape = new Shape(1, 1, 1, 1);
        foreach (UnitReading r in readings.Take(700))
        {
            first.Add("a", null, [r.Largest], shape, 0);
        }

        UnitExamples second = UnitExamples.Of(first.Snapshot, 3, ExampleRank.Max);
        foreach (UnitReading r in readings.Skip(700))
        {
            second.Add("a", null, [r.Largest], shape, 0);
        }

        foreach (UnitReading r in readings)
        {
            whole.Add("a", null, [r.Largest], shape, 0);
        }

        Assert.AreEqual(whole.Statistics.Mean, second.Statistics.Mean);
        Assert.AreEqual(whole.Statistics.Deviation, second.Statistics.Deviation);
        Assert.AreEqual(whole.Statistics.Quantile(0.3), second.Statistics.Quantile(0.3));
        CollectionAssert.AreEqual(whole.Most.Best.ToArray(), second.Most.Best.ToArray());
        CollectionAssert.AreEqual(whole.Least.Best.ToArray(), second.Least.Best.ToArray());
    }

    [TestMethod]
    public void Reading_FindsPlacesOfTheChannel()
    {
        float[] activation = [0, 0, 0, 0, 0, 0, /**/ 1, 5, 2, -3, 5, -3, /**/ 9, 9, 9, 9, 9, 9];

        UnitReading reading = UnitReading.Of(activation, new Shape(1, 3, 2, 3), 0, 1);

        Assert.AreEqual(new UnitReading(5, (0, 1), -3, (1, 0), 7.0 / 6), reading, "the first of equal ones in row order");
    }

    [TestMethod]
    public void Reading_NotFinite_IsAnError() =>
        Assert.ThrowsExactly<ModelException>(() => UnitReading.Of([1, float.NaN], new Shape(1, 1, 1, 2), 0, 0));

    private static UnitReading[] Readings()
    {
        var rng = new Rng(11);
        return [.. Enumerable.Range(0, Images).Select(i => Reading((float)(rng.Gaussian((ulong)i) + 1)))];
    }

    private static UnitReading Reading(float largest) => new(largest, (0, 0), largest - 2, (0, 1), largest - 1);
}
