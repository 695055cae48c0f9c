namespace Interp.Engine.Statistics;

/// <summary>
/// Adjusts p-values for the number of tests: comparing an adjusted one with α keeps the promise for all of them together. Results are in
/// the order of the input, at most 1.
/// </summary>
public static class Multiplicity
{
    /// <summary>n·p: with probability at most α any true null hypothesis is rejected, whatever depends on what.</summary>
    /// <param name="p">p-values.</param>
    /// <exception cref="ArgumentException">A p-value is outside 0 … 1.</exception>
    public static double[] Bonferroni(IReadOnlyList<double> p) => [.. Checked(p).Select(v => Math.Min(1, p.Count * v))];

    /// <summary>
    /// max_{j ≤ i} (n − j + 1)·p_(j), p sorted ascending: the promise of <see cref="Bonferroni"/> with more power (S. Holm, Scandinavian
    /// Journal of Statistics 6, 1979).
    /// </summary>
    /// <param name="p">p-values.</param>
    /// <exception cref="ArgumentException">A p-value is outside 0 … 1.</exception>
    public static double[] Holm(IReadOnlyList<double> p)
    {
        int[] order = Order(p);
        var adjusted = new double[p.Count];
        double largest = 0;
        for (int i = 0; i < order.Length; i++)
        {
            largest = Math.Max(largest, Math.Min(1, (order.Length - i) * p[order[i]]));
            adjusted[order[i]] = largest;
        }

        return adjusted;
    }

    /// <summary>
    /// min_{j ≥ i} n·p_(j)/j, p sorted ascending: at most a share α of what is called significant is false, on average, for independent or
    /// positively dependent tests (Y. Benjamini, Y. Hochberg, Journal of the Royal Statistical Society B 57, 1995).
    /// </summary>
    /// <param name="p">p-values.</param>
    /// <exception cref="ArgumentException">A p-value is outside 0 … 1.</exception>
    public static double[] BenjaminiHochberg(IReadOnlyList<double> p)
    {
        int[] order = Order(p);
        var adjusted = new double[p.Count];
        double least = 1;
        for (int i = order.Length - 1; i >= 0; i--)
        {
            least = Math.Min(least, p[order[i]] * order.Length / (i + 1));
            adjusted[order[i]] = least;
        }

        return adjusted;
    }

    private static int[] Order(IReadOnlyList<double> p) => [.. Enumerable.Range(0, Checked(p).Count).OrderBy(i => p[i])];

    private static IReadOnlyList<double> Checked(IReadOnlyList<double> p) => p.All(v => v is >= 0 and <= 1) ? p
        : throw new ArgumentException($"a p-value is {p.First(v => v is not (>= 0 and <= 1))}, expected 0 to 1", nameof(p));
}
