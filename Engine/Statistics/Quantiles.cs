namespace Interp.Engine.Statistics;

/// <summary>Quantiles of numbers that are at hand; those of a stream are <see cref="ExactTail"/>'s.</summary>
public static class Quantiles
{
    /// <summary>The value at place q·(n − 1) of the sorted ones, linear between two (NumPy's default; R's type 7).</summary>
    public static double OfSorted(IReadOnlyList<double> sorted, double q)
    {
        double place = q * (sorted.Count - 1);
        int below = (int)place;
        return below + 1 == sorted.Count ? sorted[below] : sorted[below] + ((place - below) * (sorted[below + 1] - sorted[below]));
    }
}
