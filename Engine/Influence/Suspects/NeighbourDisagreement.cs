using Interp.Engine.Common;
using Interp.Engine.LinearAlgebra;

namespace Interp.Engine.Influence.Suspects;

/// <summary>
/// The share of an image's ten nearest neighbours, by the cosine of the standardised features, that have another label; of equal shares the
/// larger mean cosine of those is the more suspect. It needs no head.
/// </summary>
internal sealed class NeighbourDisagreement() : SuspectScore("knn", "share of the nearest images that have another label", "baseline")
{
    private const int Nearest = 10;

    /// <inheritdoc/>
    public override double[] Of(
        InfluenceProblem problem, Action<InfluenceProgress>? progress = null, CancellationToken cancel = default)
    {
        int n = problem.Count, k = Math.Min(Nearest, n - 1);
        double[] lengths = [.. Enumerable.Range(0, n).Select(i => Math.Sqrt(Math.Max(Dot(problem, i, i), double.Epsilon)))];
        var scores = new double[n];
        Parallel.For(0, n, ThreadLimit.Of(problem.Options.Threads, cancel), i =>
        {
            double[] cosines = [.. Enumerable.Range(0, n).Select(
                j => j == i ? double.NegativeInfinity : Dot(problem, i, j) / (lengths[i] * lengths[j]))];
            int[] near = [.. Enumerable.Range(0, n).OrderByDescending(j => cosines[j]).Take(k)];
            int[] others = [.. near.Where(j => problem.Train.Labels[j] != problem.Train.Labels[i])];

            // Cosines are at most 1, so that their mean, divided by more than twice the neighbours, orders only equal shares.
            scores[i] = others.Length == 0 ? 0 : ((double)others.Length / k) + (others.Average(j => cosines[j]) / (4 * k));
        });
        return scores;
    }

    /// <summary>h̃_i·h̃_j without the 1s behind them.</summary>
    private static double Dot(InfluenceProblem problem, int i, int j) =>
        Vectors.Dot(problem.Objective.Row(i)[..^1], problem.Objective.Row(j)[..^1]);
}
