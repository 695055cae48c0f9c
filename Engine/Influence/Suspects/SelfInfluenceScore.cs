using Interp.Engine.LinearAlgebra;

namespace Interp.Engine.Influence.Suspects;

/// <summary>
/// ∇ℓ_iᵀ H⁻¹ ∇ℓ_i: to first order n times the rise of the image's own loss when it is removed, so how much of what the head says of the
/// image it says only because of the image (P. Koh, P. Liang, 2017, section 5.4). One linear system an image, by conjugate gradients to a
/// residual of 10⁻²: the error of the quadratic form is of the order of its square.
/// </summary>
internal sealed class SelfInfluenceScore() : SuspectScore(
    "self-influence", "the image's influence on its own loss; one linear system an image", "Koh & Liang 2017, section 5.4")
{
    private const double Tolerance = 1e-2;
    private const int MostProducts = 1000;

    /// <inheritdoc/>
    public override double[] Of(
        InfluenceProblem problem, Action<InfluenceProgress>? progress = null, CancellationToken cancel = default)
    {
        var scores = new double[problem.Count];
        for (int i = 0; i < scores.Length; i++)
        {
            double[] gradient = problem.Optimum.GradientOf(i);
            scores[i] = Vectors.Dot(gradient, problem.Optimum.SolveHessian(gradient, Tolerance, MostProducts, cancel).X);
            progress?.Invoke(new InfluenceProgress(Name, i + 1, scores.Length));
        }

        return scores;
    }
}
