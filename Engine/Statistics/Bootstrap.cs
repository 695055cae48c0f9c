using Interp.Engine.Common;

namespace Interp.Engine.Statistics;

/// <summary>Intervals by drawing the values again, with replacement (B. Efron, Annals of Statistics 7, 1979).</summary>
public static class Bootstrap
{
    /// <summary>
    /// The percentile interval: the statistic of samples of as many values, drawn with replacement, and of these the quantiles (1 −
    /// level)/2 and (1 + level)/2. With few values (below some twenty) it is too narrow.
    /// </summary>
    /// <param name="values">At least one value.</param>
    /// <param name="statistic">Of a sample, which it must not change.</param>
    /// <param name="rng">Sample s uses the indices from s·n on.</param>
    /// <param name="samples">How many.</param>
    /// <param name="level">With what probability the interval holds the true one.</param>
    /// <exception cref="ArgumentException">No values, or one that is not finite.</exception>
    public static (double Low, double High) Interval(
        IReadOnlyList<double> values, Func<double[], double> statistic, Rng rng, int samples = 2000, double level = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        if (values.Count == 0)
        {
            throw new ArgumentException("no values, expected at least 1", nameof(values));
        }

        Finite.Check(values, nameof(values));
        var drawn = new double[values.Count];
        var found = new double[samples];
        for (int s = 0; s < samples; s++)
        {
            for (int i = 0; i < drawn.Length; i++)
            {
                drawn[i] = values[(int)(rng.Uniform(((ulong)s * (ulong)drawn.Length) + (ulong)i) * drawn.Length)];
            }

            found[s] = statistic(drawn);
        }

        Array.Sort(found);
        return (Quantiles.OfSorted(found, (1 - level) / 2), Quantiles.OfSorted(found, (1 + level) / 2));
    }

    /// <summary><see cref="Interval"/> of the mean.</summary>
    /// <param name="values">At least one value.</param>
    /// <param name="rng">Where the samples come from.</param>
    /// <param name="samples">How many.</param>
    /// <param name="level">With what probability the interval holds the true one.</param>
    public static (double Low, double High) OfMean(IReadOnlyList<double> values, Rng rng, int samples = 2000, double level = 0.95) =>
        Interval(values, Moments.Mean, rng, samples, level);
}
