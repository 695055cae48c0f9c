using Interp.Engine.LinearAlgebra;

namespace Interp.Engine.Influence;

/// <summary>
/// H⁻¹∇ℓ_i of every training image, of which two numbers are kept. One linear system an image, by conjugate gradients that
/// <see cref="KroneckerFactors"/> precondition, to a residual of 10⁻³: the error of the quadratic form is of the order of its square.
/// </summary>
/// <param name="SelfInfluence">∇ℓ_iᵀ H⁻¹ ∇ℓ_i.</param>
/// <param name="Length">‖H⁻¹ ∇ℓ_i‖.</param>
/// <param name="Residual">The largest residual left.</param>
/// <param name="Products">Products with the Hessian that it took.</param>
internal sealed record ImageSolves(double[] SelfInfluence, double[] Length, double Residual, long Products)
{
    private const double Tolerance = 1e-3;
    private const int MostProducts = 1000;

    internal static ImageSolves Of(InfluenceProblem problem, Action<InfluenceProgress>? progress, CancellationToken cancel) =>
        problem.Shared(typeof(ImageSolves), () => Solve(problem, progress, cancel));

    private static ImageSolves Solve(InfluenceProblem problem, Action<InfluenceProgress>? progress, CancellationToken cancel)
    {
        var factors = KroneckerFactors.Of(problem, cancel);
        double[] self = new double[problem.Count], length = new double[problem.Count];
        double residual = 0;
        long products = 0;
        for (int i = 0; i < self.Length; i++)
        {
            double[] gradient = problem.Optimum.GradientOf(i);
            LinearSolution solved = ConjugateGradients.Solve(
                problem.Optimum.HessianProduct, gradient, Tolerance, MostProducts, cancel, factors.Solve);
            self[i] = Vectors.Dot(gradient, solved.X);
            length[i] = Math.Sqrt(Vectors.Dot(solved.X, solved.X));
            (residual, products) = (Math.Max(residual, solved.Residual), products + solved.Products);
            progress?.Invoke(new InfluenceProgress("systems of the training images", i + 1, self.Length));
        }

        return new ImageSolves(self, length, residual, products);
    }
}
