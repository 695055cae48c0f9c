using Interp.Engine.LinearAlgebra;
using Interp.Engine.Training;

namespace Interp.Engine.Influence;

/// <summary>
/// The head without some of its training images to second order: one Newton step, or more, of the objective without them from W*,
/// <code>W = W* − H_∖S⁻¹ ∇L_∖S(W*),   L_∖S = (1/n) Σ_{i∉S} ℓ_i + (λ/2)‖W‖²</code>
/// by conjugate gradients. Unlike the first-order estimate it knows that the curvature of the removed images goes with them (their
/// leverage), and the loss is taken at the new W rather than along its slope. (S. Basu, X. You, S. Feizi, "On second-order group influence
/// functions", ICML 2020; D. Pregibon, Annals of Statistics 9, 1981.)
/// </summary>
public sealed class NewtonRemoval
{
    private const int MostProducts = 5000;
    private readonly InfluenceProblem _problem;
    private readonly double[] _weights;

    private NewtonRemoval(InfluenceProblem problem, double[] weights, double residual, int products) =>
        (_problem, _weights, Residual, Products) = (problem, weights, residual, products);

    /// <summary>W after the steps, <c>[d+1,classes]</c>.</summary>
    public ReadOnlySpan<double> Weights => _weights;

    /// <summary>The largest ‖∇L_∖S + H_∖S · step‖ / ‖∇L_∖S‖ of the steps.</summary>
    public double Residual { get; }

    /// <summary>Products with the Hessian that they took.</summary>
    public int Products { get; }

    /// <summary>Takes the steps.</summary>
    /// <param name="problem">The head with all images.</param>
    /// <param name="removed">The images to leave out, in any order; none gives W* again.</param>
    /// <param name="steps">How many steps. One is the estimate of the literature; where images have much leverage it is too small, and a
    /// second comes near the truth, at about the price of <see cref="Retraining"/>.</param>
    /// <param name="tolerance">The largest <see cref="Residual"/> to stop at.</param>
    /// <param name="cancel">Checked before each product with the Hessian.</param>
    /// <exception cref="Common.InputException">No image would be left.</exception>
    public static NewtonRemoval Of(
        InfluenceProblem problem, IReadOnlyList<int> removed, int steps = 1, double tolerance = 1e-4, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        double[] weights = problem.Optimum.Weights.ToArray();
        SoftmaxRegression objective = Remaining.Of(problem, removed);
        (double residual, int products) = (0, 0);
        for (int s = 0; s < steps; s++)
        {
            SoftmaxPoint point = objective.At(weights);
            LinearSolution step = point.SolveHessian(point.Gradient(), tolerance, MostProducts, cancel);
            Vectors.Add(weights, -1, step.X);
            (residual, products) = (Math.Max(residual, step.Residual), products + step.Products);
        }

        return new NewtonRemoval(problem, weights, residual, products);
    }

    /// <summary>What the head says about an image after the steps.</summary>
    public HeadAnswer Answer(TestPoint test) => HeadAnswer.Of(_weights, _problem.Standardise(test), test.Label);

    /// <summary>The rise of the test image's loss by the removal, estimated.</summary>
    public double Rise(TestPoint test) => Answer(test).Loss - _problem.Answer(test).Loss;
}
