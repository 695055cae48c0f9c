using Interp.Engine.LinearAlgebra;

namespace Interp.Engine.Influence.Methods;

/// <summary>
/// δ_i = (1/n) ∇ℓ_tᵀ [(1/nμ) Σ_j (I − g_j g_jᵀ / (μ + ‖g_j‖²))] g_i with g_j = ∇ℓ_j: the inverse of the mean of g_j g_jᵀ + μI replaced by
/// the mean of the inverses, which are known in closed form; μ is a tenth of the mean square of the gradients' elements (Y. Kwon, E. Wu, K.
/// Wu, J. Zou, "DataInf: efficiently estimating data influence in LoRA-tuned LLMs and diffusion models", ICLR 2024).
/// </summary>
internal sealed class DataInf() : InfluenceMethod(
    "datainf", "first-order change of loss, the inverse of a mean by the mean of inverses", "Kwon et al. 2024", isLoss: true)
{
    private const double Damping = 0.1;

    private protected override InfluenceScores Compute(
        InfluenceProblem problem, TestBatch tests, Action<InfluenceProgress>? progress, CancellationToken cancel)
    {
        int n = problem.Count, classes = problem.Train.Classes;
        double[] squares = [.. Enumerable.Range(0, n).Select(i =>
        {
            ReadOnlySpan<double> h = problem.Objective.Row(i), r = problem.Residuals.AsSpan(i * classes, classes);
            return Vectors.Dot(h, h) * Vectors.Dot(r, r);
        })];
        double damping = Damping * Vectors.Sum(squares) / n / problem.Objective.Parameters;
        var values = new double[tests.Count][];
        for (int t = 0; t < values.Length; t++)
        {
            cancel.ThrowIfCancellationRequested();
            double[] own = tests.Gradient(t), weighted = [.. problem.Residuals];
            double[] products = problem.GradientProducts(own);
            for (int i = 0; i < weighted.Length; i++)
            {
                weighted[i] *= products[i / classes] / (damping + squares[i / classes]);
            }

            Vectors.Add(own, -1.0 / n, problem.Objective.Outer(weighted, classes));
            values[t] = [.. problem.GradientProducts(own).Select(v => v / (n * damping))];
            progress?.Invoke(new InfluenceProgress(Name, t + 1, values.Length));
        }

        return new InfluenceScores(values);
    }
}
