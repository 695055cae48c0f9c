using Interp.Engine.Common;
using Interp.Engine.LinearAlgebra;
using Interp.Engine.Statistics;
using Interp.Engine.Training;

namespace Interp.Engine.Influence.Methods;

/// <summary>
/// δ_i = [mean_m φ_t (ΦᵀΦ + ρI)⁻¹ φ_i] · [mean_m (1 − p_i)] over heads m that were trained on random half sets, with φ = Pᵀ ∇f the randomly
/// projected gradient of the margin f = z_y − log Σ_{j≠y} exp z_j (S. Park and others, "TRAK: attributing model behavior at scale", ICML
/// 2023). The gradient is h̃ sᵀ with s = e_y − q, q the other classes' probabilities among themselves, so each column of P is
/// one of random signs on the features times one on the classes, and no gradient is formed. ρ is a thousandth of the mean diagonal of ΦᵀΦ:
/// without it fewer images than projections have no inverse.
/// </summary>
/// <param name="dimensions">Projections.</param>
/// <param name="count">Heads, each with its own half set and projections.</param>
internal sealed class Trak(int dimensions = 2048, int count = 10) : InfluenceMethod(
    "trak", "random projections of margin gradients of heads on half sets", "Park et al. 2023")
{
    private const double Ridge = 1e-3, Tolerance = 1e-6;

    private protected override InfluenceScores Compute(
        InfluenceProblem problem, TestBatch tests, Action<InfluenceProgress>? progress, CancellationToken cancel)
    {
        double[][] heads = problem.Shared(this, () => Train(problem, progress, cancel));
        double[][] sums = [.. Enumerable.Range(0, tests.Count).Select(_ => new double[problem.Count])];
        var doubts = new double[problem.Count];
        for (int m = 0; m < count; m++)
        {
            cancel.ThrowIfCancellationRequested();
            Add(problem, tests, heads[m], Projection.Of(problem, dimensions, m), sums, doubts);
            progress?.Invoke(new InfluenceProgress($"{Name}: projections", m + 1, count));
        }

        return new InfluenceScores([.. sums.Select(s => s.Select((v, i) => v / count * (doubts[i] / count)).ToArray())]);
    }

    private double[][] Train(InfluenceProblem problem, Action<InfluenceProgress>? progress, CancellationToken cancel)
    {
        var heads = new double[count][];
        for (int m = 0; m < count; m++)
        {
            int[] order = Draws.Permutation(problem.Count, new Rng(problem.Options.Seed, InfluenceStreams.HalfSets + (ulong)m));
            heads[m] = Retraining.Of(problem, order[(problem.Count / 2)..], Tolerance, cancel).Weights.ToArray();
            progress?.Invoke(new InfluenceProgress($"{Name}: heads", m + 1, count));
        }

        return heads;
    }

    /// <summary>Adds φ_t (ΦᵀΦ + ρI)⁻¹ φ_i and 1 − p_i of one head.</summary>
    private static void Add(
        InfluenceProblem problem, TestBatch tests, double[] weights, Projection projection, double[][] sums, double[] doubts)
    {
        SoftmaxPoint point = problem.Objective.At(weights);
        var slopes = new double[problem.Residuals.Length];
        int classes = problem.Train.Classes;
        problem.Objective.EachImage(i =>
        {
            Span<double> slope = slopes.AsSpan(i * classes, classes);
            point.ProbabilitiesOf(i).CopyTo(slope);
            doubts[i] += Slope(slope, problem.Train.Labels[i]);
        });
        double[] images = projection.Apply(problem.Objective.Forward(projection.Features, projection.Count), slopes);
        var kernel = GramInverse.Of(images, projection.Count, Ridge, projection.Parallel);
        for (int t = 0; t < sums.Length; t++)
        {
            double[] slope = HeadAnswer.Of(weights, tests.Rows[t], tests.Tests[t].Label).Probabilities.ToArray();
            Slope(slope, tests.Tests[t].Label);
            Vectors.Add(sums[t], 1, kernel.Products(projection.Of(tests.Rows[t], slope)));
        }
    }

    /// <summary>Turns p into s = e_y − q in its place; 1 − p_y, summed up from the others.</summary>
    private static double Slope(Span<double> p, int label)
    {
        double others = 0;
        for (int c = 0; c < p.Length; c++)
        {
            others += c == label ? 0 : p[c];
        }

        for (int c = 0; c < p.Length; c++)
        {
            p[c] = c == label ? 1 : others > 0 ? -p[c] / others : 0;
        }

        return others;
    }
}
