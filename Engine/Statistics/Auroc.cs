namespace Interp.Engine.Statistics;

/// <summary>The area under the receiver operating characteristic, with its interval.</summary>
public static class Auroc
{
    /// <summary>
    /// The share of pairs in which the positive has the larger score, ties counting half, and its interval from the normal distribution
    /// with the variance of E. DeLong, D. DeLong, D. Clarke-Pearson (Biometrics 44, 1988), cut to 0 … 1. At areas of 0 and 1 that
    /// variance is 0, and the interval says nothing.
    /// </summary>
    /// <param name="positives">Scores of the positives, at least two.</param>
    /// <param name="negatives">Scores of the negatives, at least two.</param>
    /// <param name="level">With what probability the interval holds the area.</param>
    /// <exception cref="ArgumentException">Fewer scores, or one that is not finite.</exception>
    public static (double Area, double Low, double High) Of(
        IReadOnlyList<double> positives, IReadOnlyList<double> negatives, double level = 0.95)
    {
        if (positives.Count < 2 || negatives.Count < 2)
        {
            throw new ArgumentException($"{positives.Count} positives and {negatives.Count} negatives, expected at least 2 of each");
        }

        Finite.Check(positives, nameof(positives));
        Finite.Check(negatives, nameof(negatives));

        // A positive's share of the negatives that it beats is its rank among all less its rank among its own.
        double[] all = Ranks.Of([.. positives, .. negatives]), ofPositives = Ranks.Of(positives), ofNegatives = Ranks.Of(negatives);
        double[] beaten = [.. ofPositives.Select((r, i) => (all[i] - r) / negatives.Count)];
        double[] lost = [.. ofNegatives.Select((r, j) => 1 - ((all[positives.Count + j] - r) / positives.Count))];
        double area = MannWhitney.U(all.AsSpan(0, positives.Count)) / ((double)positives.Count * negatives.Count);
        double deviation = Math.Sqrt((Moments.Variance(beaten) / beaten.Length) + (Moments.Variance(lost) / lost.Length));
        double half = Normal.Quantile((1 + level) / 2) * deviation;
        return (area, Math.Max(0, area - half), Math.Min(1, area + half));
    }
}
