namespace Interp.Engine.Attribution.Perturbation;

/// <summary>
/// Sums over masks, in float64 and in the order in which they come: Σ S_i M_i of the even and of the odd masks, and Σ M_i.
/// </summary>
/// <param name="pixels">Length of a mask.</param>
internal sealed class MaskSums(int pixels)
{
    private readonly double[][] _weighed = [new double[pixels], new double[pixels]];
    private readonly double[] _masks = new double[pixels];
    private int _count;

    /// <summary>Adds one mask with its score.</summary>
    internal void Add(float[] mask, double score)
    {
        double[] weighed = _weighed[_count++ % 2];
        for (int i = 0; i < mask.Length; i++)
        {
            weighed[i] += score * mask[i];
            _masks[i] += mask[i];
        }
    }

    /// <summary>Σ S_i M_i over a number.</summary>
    internal float[] Over(double divisor) =>
        [.. _weighed[0].Zip(_weighed[1], (even, odd) => (float)((even + odd) / divisor))];

    /// <summary>Σ S_i M_i / Σ M_i at each pixel; 0 where no mask kept it.</summary>
    internal float[] OverMasks() => [.. Over(1).Zip(_masks, (sum, kept) => kept > 0 ? (float)(sum / kept) : 0)];

    /// <summary>
    /// Pearson's correlation between the maps of the even and of the odd masks: how far the map stands still as masks are added. 0 if one
    /// is constant.
    /// </summary>
    internal double SplitHalfCorrelation()
    {
        (double a, double b) = (_weighed[0].Average(), _weighed[1].Average());
        (double ab, double aa, double bb) = (0, 0, 0);
        for (int i = 0; i < pixels; i++)
        {
            (double u, double v) = (_weighed[0][i] - a, _weighed[1][i] - b);
            (ab, aa, bb) = (ab + (u * v), aa + (u * u), bb + (v * v));
        }

        return aa > 0 && bb > 0 ? ab / Math.Sqrt(aa * bb) : 0;
    }
}
