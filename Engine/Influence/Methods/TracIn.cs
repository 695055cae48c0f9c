using Interp.Engine.Common;
using Interp.Engine.LinearAlgebra;
using Interp.Engine.Training;

namespace Interp.Engine.Influence.Methods;

/// <summary>
/// δ_i = Σ_k s η/n ∇ℓ_t(W_k)·∇ℓ_i(W_k) = Σ_k s η/n ((p_t − e_{y_t})·(p_i − e_{y_i})) (h̃_t·h̃_i) over checkpoints W_k of gradient descent,
/// s steps apart: what the steps on image i took off the test image's loss (G. Pruthi, F. Liu, S. Kale, M. Sundararajan, "Estimating
/// training data influence by tracing gradient descent", NeurIPS 2020, TracInCP). The descent is our own: 200 steps on all images from W =
/// 0, without randomness, as long as the largest curvature allows, η = 1/(½ μ + λ) with the largest eigenvalue μ of (1/n) Σ h̃ h̃ᵀ.
/// </summary>
internal sealed class TracIn() : InfluenceMethod(
    "tracin", "similarity of gradients along gradient descent", "Pruthi et al. 2020, TracInCP")
{
    private const int Steps = 200, Apart = 20, PowerSteps = 50;

    private protected override InfluenceScores Compute(
        InfluenceProblem problem, TestBatch tests, Action<InfluenceProgress>? progress, CancellationToken cancel)
    {
        Descent descent = problem.Shared(this, () => Descend(problem, progress, cancel));
        int classes = problem.Train.Classes;
        double[][] products = tests.Products(), values = [.. products.Select(p => new double[p.Length])];
        foreach (double[] weights in descent.Checkpoints)
        {
            cancel.ThrowIfCancellationRequested();
            double[] residuals = problem.Objective.At(weights).Residuals();
            for (int t = 0; t < values.Length; t++)
            {
                double[] own = HeadAnswer.Of(weights, tests.Rows[t], tests.Tests[t].Label).Residual;
                for (int i = 0; i < problem.Count; i++)
                {
                    values[t][i] += Apart * descent.Rate / problem.Count * products[t][i]
                        * Vectors.Dot(own, residuals.AsSpan(i * classes, classes));
                }
            }
        }

        return new InfluenceScores(values);
    }

    private Descent Descend(InfluenceProblem problem, Action<InfluenceProgress>? progress, CancellationToken cancel)
    {
        double rate = 1 / ((LargestEigenvalue(problem.Objective) / 2) + problem.L2);
        var checkpoints = new List<double[]>();
        var weights = new double[problem.Objective.Parameters];
        for (int step = 1; step <= Steps; step++)
        {
            cancel.ThrowIfCancellationRequested();
            Vectors.Add(weights, -rate, problem.Objective.At(weights).Gradient());
            if (step % Apart == 0)
            {
                checkpoints.Add([.. weights]);
            }

            progress?.Invoke(new InfluenceProgress(Name, step, Steps));
        }

        return new Descent(rate, checkpoints);
    }

    /// <summary>μ by power iteration from a random vector.</summary>
    private static double LargestEigenvalue(SoftmaxRegression objective)
    {
        var rng = new Rng(0);
        double[] v = [.. Enumerable.Range(0, objective.Inputs).Select(i => rng.Gaussian((ulong)i))];
        double length = 1;
        for (int step = 0; step < PowerSteps; step++)
        {
            double[] next = objective.Outer(objective.Forward(v, 1), 1);
            length = Math.Sqrt(Vectors.Dot(next, next));
            v = [.. next.Select(x => x / length)];
        }

        return length / objective.Data.Count;
    }

    /// <summary>η, and W every <see cref="Apart"/> steps.</summary>
    private sealed record Descent(double Rate, IReadOnlyList<double[]> Checkpoints);
}
