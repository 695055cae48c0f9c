using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Engine.Statistics;

namespace Interp.Engine.Influence;

/// <summary>
/// How well sums of a method's estimates foretell heads that are trained on subsets: for each test image Spearman's correlation over the
/// subsets S of Σ_{i∈S} δ_i and the true margin of the head trained on S, and the mean of these over the test images (S. Park, K. Georgiev,
/// A. Ilyas, G. Leclerc, A. Mądry, "TRAK: attributing model behavior at scale", ICML 2023). 1 is perfect, 0 what chance
/// gives. The margin grows as the loss falls, so correlations with the loss are the same but for the sign.
/// </summary>
/// <param name="Mean">The mean over the test images.</param>
/// <param name="Low">The lower end of its 95 % interval: percentiles of a bootstrap that draws test images and subsets again.</param>
/// <param name="High">The upper end.</param>
/// <param name="OfTests">The correlation of each test image; 0 where the sums or the margins are all alike.</param>
public sealed record LinearDatamodelScore(double Mean, double Low, double High, ImmutableArray<double> OfTests)
{
    private const double Level = 0.95;

    /// <summary>Measures a method's estimates.</summary>
    /// <param name="truth">The retrained heads.</param>
    /// <param name="scores">The estimates for the same test images.</param>
    /// <param name="cancel">Checked between samples of the bootstrap.</param>
    public static LinearDatamodelScore Of(SubsetTruth truth, InfluenceScores scores, CancellationToken cancel = default)
    {
        double[][] sums = [.. scores.Values.Select(row => truth.Kept.Select(kept => Sum(row, kept)).ToArray())];
        double[] own = [.. sums.Select((s, t) => Of(s, truth.Margins[t]))];
        int tests = sums.Length, subsets = truth.Kept.Length;
        var rng = new Rng(truth.Problem.Options.Seed, InfluenceStreams.Bootstrap);
        var found = new double[truth.Options.Resamples];
        ulong index = 0;
        for (int r = 0; r < found.Length; r++)
        {
            cancel.ThrowIfCancellationRequested();
            int[] drawn = [.. Enumerable.Range(0, subsets).Select(_ => Next(subsets))];
            for (int t = 0; t < tests; t++)
            {
                int test = Next(tests);
                found[r] += Of([.. drawn.Select(s => sums[test][s])], [.. drawn.Select(s => truth.Margins[test][s])]) / tests;
            }
        }

        Array.Sort(found);
        return new LinearDatamodelScore(
            Moments.Mean(own), Quantiles.OfSorted(found, (1 - Level) / 2), Quantiles.OfSorted(found, (1 + Level) / 2), [.. own]);

        int Next(int n) => (int)(rng.Uniform(index++) * n);
    }

    private static double Sum(double[] row, ImmutableArray<int> kept)
    {
        double sum = 0;
        foreach (int i in kept)
        {
            sum += row[i];
        }

        return sum;
    }

    private static double Of(double[] sums, double[] margins) =>
        Correlation.Spearman(sums, margins) is var r && double.IsNaN(r) ? 0 : r;
}
