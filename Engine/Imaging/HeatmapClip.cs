using Interp.Engine.Common;

namespace Interp.Engine.Imaging;

/// <summary>Which range of a heat map's values is spread over the colours; what lies above gets the last colour.</summary>
public sealed class HeatmapClip
{
    private readonly Func<float[], (double Low, double High)> _range;

    private HeatmapClip(string name, string formula, Func<float[], (double Low, double High)> range) =>
        (Name, Formula, _range) = (name, formula, range);

    /// <summary>(v − min) / (p99 − min), clamped to 0…1, as PAIR's saliency library has it; p99 is the 99th percentile.</summary>
    public static HeatmapClip Percentile99 { get; } = new("99", "(v-min)/(p99-min)", v => (v[0], Percentile(v, 99)));

    /// <summary>(v − min) / (max − min).</summary>
    public static HeatmapClip None { get; } = new("none", "(v-min)/(max-min)", v => (v[0], v[^1]));

    /// <summary>
    /// v / t, clamped to 0…1, as captum has it with an outlier percentage of 2: the positive values up to t hold 98 % of their sum.
    /// </summary>
    public static HeatmapClip Mass98 { get; } = new("2mass", "v/t, sum of v up to t = 98 % of all", v => (0, MassThreshold(v, 0.98)));

    /// <summary>All clippings by name.</summary>
    public static Catalog<HeatmapClip> All { get; } = new("clipping", c => c.Name, Percentile99, None, Mass98);

    /// <summary>The name used on the command line.</summary>
    public string Name { get; }

    /// <summary>The scaling as a formula.</summary>
    public string Formula { get; }

    /// <summary>The values that become 0 and 1. <c>Low == High</c> if all values are the same.</summary>
    /// <param name="values">Finite values in any order; for a signed map their absolute values.</param>
    /// <param name="isFallback">Whether the clipping would leave nothing (more than 99 % of the values are the least one) and the maximum
    /// was taken instead.</param>
    public (double Low, double High) Range(ReadOnlySpan<float> values, out bool isFallback)
    {
        float[] sorted = values.ToArray();
        Array.Sort(sorted);
        (double low, double high) = _range(sorted);
        isFallback = high <= low && sorted[^1] > low;
        return (low, isFallback ? sorted[^1] : Math.Max(low, high));
    }

    /// <summary>NumPy's percentile with linear interpolation: the value at position q/100·(n−1) of the sorted values.</summary>
    internal static double Percentile(ReadOnlySpan<float> sorted, double q)
    {
        double position = q / 100 * (sorted.Length - 1);
        int below = (int)position;
        double next = sorted[Math.Min(below + 1, sorted.Length - 1)];
        return sorted[below] + ((next - sorted[below]) * (position - below));
    }

    private static double MassThreshold(ReadOnlySpan<float> sorted, double share)
    {
        double total = 0;
        foreach (float value in sorted)
        {
            total += Math.Max(value, 0);
        }

        double mass = 0;
        foreach (float value in sorted)
        {
            mass += Math.Max(value, 0);
            if (mass >= share * total)
            {
                return value;
            }
        }

        return sorted[^1];
    }
}
