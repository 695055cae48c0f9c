namespace Interp.Engine.Statistics;

/// <summary>Draws without replacement from things of which some are marked.</summary>
public static class Hypergeometric
{
    /// <summary>
    /// P(X ≥ k) for X the marked ones among n drawn of N things of which K are marked: Σ_{i ≥ k} C(K,i)·C(N−K,n−i) / C(N,n). With the
    /// margins of a 2×2 table it is the p of Fisher's exact test, one-sided.
    /// </summary>
    /// <param name="least">k.</param>
    /// <param name="drawn">n, 0 to N.</param>
    /// <param name="marked">K, 0 to N.</param>
    /// <param name="all">N.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is not in its range.</exception>
    public static double AtLeast(int least, int drawn, int marked, int all)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(all);
        ArgumentOutOfRangeException.ThrowIfNegative(drawn);
        ArgumentOutOfRangeException.ThrowIfNegative(marked);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(drawn, all);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(marked, all);
        var logFactorial = new double[all + 1];
        for (int i = 1; i <= all; i++)
        {
            logFactorial[i] = logFactorial[i - 1] + Math.Log(i);
        }

        int lowest = Math.Max(0, drawn + marked - all), highest = Math.Min(drawn, marked);
        if (least <= lowest)
        {
            return 1;
        }

        double sum = 0;
        for (int i = highest; i >= least; i--)
        {
            sum += Math.Exp(
                LogChoose(marked, i) + LogChoose(all - marked, drawn - i) - LogChoose(all, drawn));
        }

        return Math.Min(sum, 1);

        double LogChoose(int n, int k) => logFactorial[n] - logFactorial[k] - logFactorial[n - k];
    }
}
