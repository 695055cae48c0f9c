using Interp.Engine.Statistics;

namespace Interp.Engine.Examples;

/// <summary>
/// How strongly one channel answers to many images: the distribution of m_n = max_yx a_nyx, each image's largest activation. Images come
/// one after another and are not held; memory is bounded whatever their number. Mean and deviation are exact up to float64 rounding (B. P.
/// Welford, Technometrics 4, 1962); quantiles and histogram come from bins at most 2⁻⁸ of a value wide. Deterministic for images in the
/// same order.
/// </summary>
public sealed class UnitStatistics
{
    private readonly ValueSketch _sketch;
    private double _squares;

    /// <summary>Statistics of no image.</summary>
    public UnitStatistics() => _sketch = new ValueSketch();

    /// <summary>Goes on from where <see cref="Snapshot"/> was taken.</summary>
    public UnitStatistics(StatisticsSnapshot snapshot)
    {
        _sketch = ValueSketch.Of(snapshot.Bins);
        (Images, Active, Mean, _squares) = (snapshot.Images, snapshot.Active, snapshot.Mean, snapshot.Squares);
        (Minimum, Maximum, Lowest) = (snapshot.Minimum, snapshot.Maximum, snapshot.Lowest);
        (MeanActivation, LowestMean, HighestMean) = (snapshot.MeanActivation, snapshot.LowestMean, snapshot.HighestMean);
    }

    /// <summary>Number of images, n.</summary>
    public long Images { get; private set; }

    /// <summary>How many of them have a place where the channel is above 0.</summary>
    public long Active { get; private set; }

    /// <summary>(1/n) Σ m_n.</summary>
    public double Mean { get; private set; }

    /// <summary>√((1/n) Σ (m_n − mean)²).</summary>
    public double Deviation => Images > 0 ? Math.Sqrt(_squares / Images) : 0;

    /// <summary>min_n m_n.</summary>
    public float Minimum { get; private set; } = float.PositiveInfinity;

    /// <summary>max_n m_n: the largest activation at any place of any image.</summary>
    public float Maximum { get; private set; } = float.NegativeInfinity;

    /// <summary>The smallest activation at any place of any image.</summary>
    public float Lowest { get; private set; } = float.PositiveInfinity;

    /// <summary>The mean over all places of all images, each image counting alike.</summary>
    public double MeanActivation { get; private set; }

    /// <summary>The smallest mean over the places of one image.</summary>
    public double LowestMean { get; private set; } = double.PositiveInfinity;

    /// <summary>The largest mean over the places of one image.</summary>
    public double HighestMean { get; private set; } = double.NegativeInfinity;

    /// <summary>Everything, to go on from later.</summary>
    public StatisticsSnapshot Snapshot =>
        new(Images, Active, Mean, _squares, Minimum, Maximum, Lowest, MeanActivation, LowestMean, HighestMean, [.. _sketch.Bins]);

    /// <summary>Takes one image.</summary>
    public void Add(in UnitReading reading)
    {
        Images++;
        Active += reading.Largest > 0 ? 1 : 0;
        double before = reading.Largest - Mean;
        Mean += before / Images;
        _squares += before * (reading.Largest - Mean);
        (Minimum, Maximum, Lowest) = (
            Math.Min(Minimum, reading.Largest), Math.Max(Maximum, reading.Largest), Math.Min(Lowest, reading.Smallest));
        MeanActivation += (reading.Mean - MeanActivation) / Images;
        (LowestMean, HighestMean) = (Math.Min(LowestMean, reading.Mean), Math.Max(HighestMean, reading.Mean));
        _sketch.Add(reading.Largest);
    }

    /// <summary>The value of rank ⌈q·n⌉ among the images' largest activations; the least for q = 0. NaN without images.</summary>
    /// <param name="q">0 to 1.</param>
    public double Quantile(double q) =>
        q <= 0 && Images > 0 ? Minimum : q >= 1 && Images > 0 ? Maximum : _sketch.AtRank((long)Math.Ceiling(q * Images));

    /// <summary>
    /// Numbers of images by their largest activation, in equal steps from <see cref="Minimum"/> to <see cref="Maximum"/>; one step where
    /// these are equal.
    /// </summary>
    /// <param name="steps">At least 1.</param>
    public long[] Histogram(int steps)
    {
        double range = (double)Maximum - Minimum;
        var counts = new long[range > 0 ? steps : Math.Min(1, Images)];
        foreach (SketchBin bin in _sketch.Bins)
        {
            int step = range > 0 ? (int)(((bin.Sum / bin.Count) - Minimum) / range * steps) : 0;
            counts[Math.Clamp(step, 0, counts.Length - 1)] += bin.Count;
        }

        return counts;
    }
}

/// <summary>The state of a <see cref="UnitStatistics"/>, whose properties say what each number is.</summary>
public sealed record StatisticsSnapshot(
    long Images,
    long Active,
    double Mean,
    double Squares,
    float Minimum,
    float Maximum,
    float Lowest,
    double MeanActivation,
    double LowestMean,
    double HighestMean,
    IReadOnlyList<SketchBin> Bins);
