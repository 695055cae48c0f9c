using Interp.Engine.Common;
using Interp.Engine.Training;

namespace Interp.Engine.Influence;

/// <summary>
/// The truth: the head without some of its training images, trained again to its own optimum. It minimises (1/n) Σ_{i∉S} ℓ_i + (λ/2)‖W‖²
/// with the standardisation left as it was, from W* on.
/// </summary>
public sealed class Retraining
{
    private const double Tolerance = 1e-9;
    private readonly InfluenceProblem _problem;
    private readonly double[] _weights;

    private Retraining(InfluenceProblem problem, SoftmaxFit fit)
    {
        (_problem, GradientNorm, Products) = (problem, fit.GradientNorm, fit.Products);
        _weights = fit.Point.Weights.ToArray();
    }

    /// <summary>W without the images, <c>[d+1,classes]</c>.</summary>
    public ReadOnlySpan<double> Weights => _weights;

    /// <summary>‖∇‖ of the mean loss of the images left with its penalty, there.</summary>
    public double GradientNorm { get; }

    /// <summary>Products with the Hessian that it took.</summary>
    public int Products { get; }

    /// <summary>Trains again.</summary>
    /// <param name="problem">The head with all images.</param>
    /// <param name="removed">The images to leave out, in any order; none gives W* again.</param>
    /// <param name="tolerance">The largest <see cref="GradientNorm"/> to stop at.</param>
    /// <param name="cancel">Checked before each product with the Hessian.</param>
    /// <exception cref="InputException">No image would be left.</exception>
    public static Retraining Of(
        InfluenceProblem problem, IReadOnlyList<int> removed, double tolerance = Tolerance, CancellationToken cancel = default) =>
        new(problem, SoftmaxFit.Minimise(
            Remaining.Of(problem, removed), tolerance, problem.Optimum.Weights.ToArray(), null, cancel));

    /// <summary>What the head says about an image.</summary>
    public HeadAnswer Answer(TestPoint test) => HeadAnswer.Of(_weights, _problem.Standardise(test), test.Label);

    /// <summary>The rise of the test image's loss by the removal: the number that the estimates δ are about.</summary>
    public double Rise(TestPoint test) => Answer(test).Loss - _problem.Answer(test).Loss;
}
