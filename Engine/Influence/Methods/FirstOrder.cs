using Interp.Engine.LinearAlgebra;

namespace Interp.Engine.Influence.Methods;

/// <summary>
/// δ_i = (1/n) ∇ℓ_tᵀ H⁻¹ ∇ℓ_i with the Hessian H = ∇²L(W*), by conjugate gradients to a residual of 10⁻⁸, without damping: H is at least λ
/// (P. Koh, P. Liang, "Understanding black-box predictions via influence functions", ICML 2017, equation 2; their I_up,loss has the other
/// sign). One system a test image; the training images cost a product. First order: it leaves out that an image's own curvature goes with
/// it, so that its order is better than its size (see <see cref="NewtonRemoval"/>).
/// </summary>
internal sealed class FirstOrder() : InfluenceMethod(
    "influence", "first-order change of loss by the exact inverse Hessian", "Koh & Liang 2017, eq. 2", isLoss: true)
{
    private const double Tolerance = 1e-8;
    private const int MostProducts = 5000;

    private protected override InfluenceScores Compute(
        InfluenceProblem problem, TestBatch tests, Action<InfluenceProgress>? progress, CancellationToken cancel)
    {
        var values = new double[tests.Count][];
        double residual = 0;
        for (int t = 0; t < values.Length; t++)
        {
            LinearSolution solved = problem.Optimum.SolveHessian(tests.Gradient(t), Tolerance, MostProducts, cancel);
            residual = Math.Max(residual, solved.Residual);
            values[t] = [.. problem.GradientProducts(solved.X).Select(v => v / problem.Count)];
            progress?.Invoke(new InfluenceProgress(Name, t + 1, values.Length));
        }

        return new InfluenceScores(values, residual);
    }
}
