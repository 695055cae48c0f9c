namespace Interp.Engine.Statistics;

/// <summary>
/// F. Wilcoxon's signed-rank test (Biometrics Bulletin 1, 1945): do differences within pairs lie around zero?
/// </summary>
public static class SignedRank
{
    /// <summary>Up to so many differences other than zero, p is exact, with ties too.</summary>
    public const int MostExact = 50;

    /// <summary>
    /// W⁺, the sum of the ranks of |d| over the positive d, and its two-sided p: how probable it is to be as far from the middle if each
    /// difference is as likely as its negative. Differences of zero are left out; equal sizes share their mean rank. Exact for at most
    /// <see cref="MostExact"/> of them, else from the normal distribution with the variance that ties leave and a continuity correction
    /// of ½.
    /// </summary>
    /// <param name="differences">Differences; p is 1 if there are none other than zero.</param>
    /// <exception cref="ArgumentException">A difference is not finite.</exception>
    public static (double W, double P, bool IsExact) Test(IReadOnlyList<double> differences)
    {
        Finite.Check(differences, nameof(differences));
        double[] d = [.. differences.Where(v => v != 0)];
        double[] ranks = Ranks.Of([.. d.Select(Math.Abs)]);
        double w = d.Zip(ranks).Sum(v => v.First > 0 ? v.Second : 0), whole = ranks.Sum(), far = Math.Abs(w - (whole / 2));
        if (d.Length <= MostExact)
        {
            return (w, d.Length == 0 ? 1 : Math.Min(1, 2 * UpperTail(ranks, (whole / 2) + far)), true);
        }

        double deviation = Math.Sqrt(ranks.Sum(r => r * r) / 4);
        return (w, Math.Min(1, 2 * Normal.Cdf(-Math.Max(0, far - 0.5) / deviation)), false);
    }

    /// <summary>P(W⁺ ≥ w) where each rank counts or not with probability ½; twice a rank is whole.</summary>
    private static double UpperTail(double[] ranks, double w)
    {
        var probability = new double[(int)(2 * ranks.Sum()) + 1];
        probability[0] = 1;
        foreach (double rank in ranks)
        {
            int step = (int)(2 * rank);
            for (int sum = probability.Length - 1; sum >= 0; sum--)
            {
                probability[sum] = (probability[sum] + (sum >= step ? probability[sum - step] : 0)) / 2;
            }
        }

        return probability.Skip((int)Math.Round(2 * w)).Sum();
    }
}
