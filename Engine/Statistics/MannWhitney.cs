using Interp.Engine.LinearAlgebra;

namespace Interp.Engine.Statistics;

/// <summary>
/// H. Mann and D. Whitney's U test (Annals of Mathematical Statistics 18, 1947): does one set tend to larger numbers?
/// </summary>
public static class MannWhitney
{
    /// <summary>Up to so many numbers a side without ties, p is exact.</summary>
    public const int MostExact = 20;

    /// <summary>
    /// U = #{(i, j): a_i > b_j} + ½ #{a_i = b_j} and its two-sided p: exact for at most <see cref="MostExact"/> numbers a side, none
    /// equal, else from the normal distribution with the variance that ties leave and a continuity correction of ½.
    /// </summary>
    /// <param name="a">Numbers.</param>
    /// <param name="b">Others.</param>
    /// <exception cref="ArgumentException">One side is empty, or a number is not finite.</exception>
    public static (double U, double P, bool IsExact) Test(IReadOnlyList<double> a, IReadOnlyList<double> b)
    {
        if (a.Count == 0 || b.Count == 0)
        {
            throw new ArgumentException($"{a.Count} and {b.Count} numbers, expected at least 1 of each", nameof(b));
        }

        Finite.Check(a, nameof(a));
        Finite.Check(b, nameof(b));
        double u = U(Ranks.Of([.. a, .. b]).AsSpan(0, a.Count)), ties = Ranks.TieTerm(a.Concat(b));
        double pairs = (double)a.Count * b.Count, extreme = Math.Max(u, pairs - u);
        if (ties == 0 && Math.Max(a.Count, b.Count) <= MostExact)
        {
            return (u, Math.Min(1, 2 * Tail(a.Count, b.Count, (int)extreme)), true);
        }

        double n = a.Count + b.Count, variance = pairs / 12 * (n + 1 - (ties / (n * (n - 1))));
        return (u, variance > 0 ? Math.Min(1, 2 * Normal.Cdf(-(extreme - (pairs / 2) - 0.5) / Math.Sqrt(variance))) : 1, false);
    }

    /// <summary>U alone.</summary>
    /// <param name="ranks">The ranks of a's numbers among all.</param>
    internal static double U(ReadOnlySpan<double> ranks) => Vectors.Sum(ranks) - (ranks.Length * (ranks.Length + 1.0) / 2);

    /// <summary>P(U ≥ u) where all orders are alike likely. Numbers of orders by U are whole and below 2⁵³.</summary>
    private static double Tail(int a, int b, int u)
    {
        // The Gaussian binomial Π_i (1 − x^(b+i)) / (1 − x^i): its coefficients count the orders.
        var counts = new double[(a * b) + 1];
        counts[0] = 1;
        for (int i = 1; i <= a; i++)
        {
            for (int k = counts.Length - 1; k >= b + i; k--)
            {
                counts[k] -= counts[k - b - i];
            }

            for (int k = i; k < counts.Length; k++)
            {
                counts[k] += counts[k - i];
            }
        }

        return counts.Skip(u).Sum() / counts.Sum();
    }
}
