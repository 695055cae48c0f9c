using Interp.Engine.LinearAlgebra;

namespace Interp.Engine.Training;

/// <summary>The minimum of a <see cref="SoftmaxRegression"/>.</summary>
/// <param name="Point">W* and the objective there.</param>
/// <param name="GradientNorm">‖∇L(W)‖: W is off the minimum by at most this divided by λ.</param>
/// <param name="Steps">Newton steps that it took.</param>
/// <param name="Products">Products with the Hessian that they took.</param>
public sealed record SoftmaxFit(SoftmaxPoint Point, double GradientNorm, int Steps, int Products)
{
    private const int MostSteps = 200, MostProducts = 2000;
    private const double Decrease = 1e-4, Rounding = 1e-14;

    /// <summary>
    /// Minimises by Newton's method with conjugate gradients: each step solves ∇²L·x = −∇L to a tolerance that tightens with the gradient,
    /// and is halved until L falls by a ten-thousandth of what its slope promises (S. Nash, "A survey of truncated-Newton methods", Journal
    /// of Computational and Applied Mathematics 124, 2000). The same bits at any number of threads.
    /// </summary>
    /// <param name="problem">The objective.</param>
    /// <param name="tolerance">The largest ‖∇L‖ to stop at. It also stops, and says the norm, where rounding allows no step.</param>
    /// <param name="start">W to start from, or null for zeros.</param>
    /// <param name="progress">Told ‖∇L‖ after each step, or null.</param>
    /// <param name="cancel">Checked before each product with the Hessian.</param>
    public static SoftmaxFit Minimise(
        SoftmaxRegression problem, double tolerance = 1e-10, double[]? start = null, Action<double>? progress = null,
        CancellationToken cancel = default)
    {
        SoftmaxPoint point = problem.At(start);
        double[] gradient = point.Gradient();
        double norm = Math.Sqrt(Vectors.Dot(gradient, gradient)), first = norm;
        int steps = 0, products = 0;
        for (; steps < MostSteps && norm > tolerance; steps++)
        {
            double forcing = Math.Max(Math.Min(0.1, norm / first), 0.1 * tolerance / norm);
            double[] right = [.. gradient.Select(g => -g)];
            LinearSolution newton = point.SolveHessian(right, forcing, MostProducts, cancel);
            products += newton.Products;
            if (Step(problem, point, newton.X, Vectors.Dot(gradient, newton.X)) is not { } next)
            {
                break;
            }

            (point, gradient) = (next, next.Gradient());
            norm = Math.Sqrt(Vectors.Dot(gradient, gradient));
            progress?.Invoke(norm);
        }

        return new SoftmaxFit(point, norm, steps, products);
    }

    /// <summary>The longest of the steps 1, ½, ¼, … that L falls on, up to rounding; null where none is.</summary>
    private static SoftmaxPoint? Step(SoftmaxRegression problem, SoftmaxPoint from, double[] direction, double slope)
    {
        for (double length = 1; length > Rounding; length /= 2)
        {
            double[] weights = from.Weights.ToArray();
            Vectors.Add(weights, length, direction);
            SoftmaxPoint to = problem.At(weights);
            if (to.Loss <= from.Loss + (Decrease * length * slope) + (Rounding * Math.Abs(from.Loss)))
            {
                return to;
            }
        }

        return null;
    }
}
