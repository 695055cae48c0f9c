using Interp.Engine.LinearAlgebra;

namespace Interp.Engine.Influence.Methods;

/// <summary>
/// δ_i = cosine of the angle between h_i and h_t, the standardised features without the 1: what looks alike to the network. It knows
/// neither classes nor the head, and is what a method has to beat.
/// </summary>
internal sealed class Neighbours() : InfluenceMethod("knn", "cosine of the standardised features: what looks alike", "baseline")
{
    private protected override InfluenceScores Compute(
        InfluenceProblem problem, TestBatch tests, Action<InfluenceProgress>? progress, CancellationToken cancel)
    {
        double[] lengths = [.. Enumerable.Range(0, problem.Count).Select(i => Length(problem.Objective.Row(i)))];
        double[][] products = tests.Products();
        return new InfluenceScores([.. products.Select((row, t) => Cosines(row, lengths, Length(tests.Rows[t])))]);
    }

    /// <summary>The length without the last element, which is 1.</summary>
    private static double Length(ReadOnlySpan<double> row) => Math.Sqrt(Vectors.Dot(row[..^1], row[..^1]));

    private static double[] Cosines(double[] products, double[] lengths, double own) =>
        [.. products.Select((p, i) => own * lengths[i] > 0 ? (p - 1) / (own * lengths[i]) : 0)];
}
