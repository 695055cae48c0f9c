namespace Interp.Engine.Statistics;

/// <summary>The exact interval of a share (C. Clopper, E. Pearson, Biometrika 26, 1934): never too narrow, often too wide;
/// <see cref="Proportion"/> has E. Wilson's.</summary>
public static class ClopperPearson
{
    /// <summary>The ends: quantiles of the beta distributions of (k, n − k + 1) and (k + 1, n − k).</summary>
    /// <param name="count">k of n.</param>
    /// <param name="of">n, at least 1.</param>
    /// <param name="level">With what probability the interval holds the share, at least.</param>
    /// <exception cref="ArgumentOutOfRangeException">The numbers do not go together.</exception>
    public static (double Low, double High) Interval(int count, int of, double level = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(of, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, of);
        double outside = (1 - level) / 2;
        return (count == 0 ? 0 : Beta.Quantile(count, of - count + 1, outside),
            count == of ? 1 : Beta.Quantile(count + 1, of - count, 1 - outside));
    }
}
