namespace Interp.Engine.Statistics;

/// <summary>How two sequences of numbers go together, −1 to 1; NaN where one of them is constant.</summary>
public static class Correlation
{
    /// <summary>K. Pearson's: Σ (a − ā)(b − b̄) / √(Σ (a − ā)² · Σ (b − b̄)²).</summary>
    /// <param name="a">Numbers.</param>
    /// <param name="b">As many.</param>
    /// <exception cref="ArgumentException">Their counts differ.</exception>
    public static double Pearson(IReadOnlyList<double> a, IReadOnlyList<double> b)
    {
        Check(a, b);
        double meanA = Moments.Mean(a), meanB = Moments.Mean(b), aa = 0, bb = 0, ab = 0;
        for (int i = 0; i < a.Count; i++)
        {
            (double da, double db) = (a[i] - meanA, b[i] - meanB);
            (aa, bb, ab) = (aa + (da * da), bb + (db * db), ab + (da * db));
        }

        return ab / Math.Sqrt(aa * bb);
    }

    /// <summary>C. Spearman's: <see cref="Pearson"/>'s of the ranks, equal values sharing their mean rank.</summary>
    /// <param name="a">Numbers.</param>
    /// <param name="b">As many.</param>
    /// <exception cref="ArgumentException">Their counts differ.</exception>
    public static double Spearman(IReadOnlyList<double> a, IReadOnlyList<double> b) => Pearson(Ranks.Of(a), Ranks.Of(b));

    /// <summary>M. Kendall's τ_b: (concordant − discordant) / √((pairs not tied in a)(pairs not tied in b)). Time grows with the square
    /// of the count.</summary>
    /// <param name="a">Numbers.</param>
    /// <param name="b">As many.</param>
    /// <exception cref="ArgumentException">Their counts differ.</exception>
    public static double Kendall(IReadOnlyList<double> a, IReadOnlyList<double> b)
    {
        Check(a, b);
        long difference = 0, untiedA = 0, untiedB = 0;
        for (int i = 0; i < a.Count; i++)
        {
            for (int j = 0; j < i; j++)
            {
                (int signA, int signB) = (a[i].CompareTo(a[j]), b[i].CompareTo(b[j]));
                difference += signA * signB;
                untiedA += signA * signA;
                untiedB += signB * signB;
            }
        }

        return difference / Math.Sqrt((double)untiedA * untiedB);
    }

    private static void Check(IReadOnlyList<double> a, IReadOnlyList<double> b)
    {
        if (a.Count != b.Count)
        {
            throw new ArgumentException($"{a.Count} and {b.Count} numbers, expected as many of each", nameof(b));
        }
    }
}
