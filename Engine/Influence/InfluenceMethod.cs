namespace Interp.Engine.Influence;

/// <summary>
/// A way to estimate what each training image does for a head's answer about a test image. Positive is helpful: δ_i is the predicted
/// <b>rise</b> of the test image's loss when training image i is removed. Sums over a set of images are the estimate for the set.
/// </summary>
public abstract class InfluenceMethod
{
    private protected InfluenceMethod(string name, string description, string source, bool isLoss = false) =>
        (Name, Description, Source, IsLoss) = (name, description, source, isLoss);

    /// <summary>Its name: <c>influence</c>.</summary>
    public string Name { get; }

    /// <summary>What it is, in one line.</summary>
    public string Description { get; }

    /// <summary>Where it comes from.</summary>
    public string Source { get; }

    /// <summary>Whether δ is a change of loss in nats; else only its sign and order mean something.</summary>
    public bool IsLoss { get; }

    /// <summary>The estimates for some test images.</summary>
    /// <param name="problem">The head and its training images.</param>
    /// <param name="tests">The test images.</param>
    /// <param name="progress">Told after each part, or null.</param>
    /// <param name="cancel">Checked between parts and before each product with a Hessian.</param>
    /// <exception cref="ArgumentException">A test image has another number of features, or its class does not exist.</exception>
    public InfluenceScores Scores(
        InfluenceProblem problem, IReadOnlyList<TestPoint> tests, Action<InfluenceProgress>? progress = null,
        CancellationToken cancel = default)
    {
        cancel.ThrowIfCancellationRequested();
        return tests.Count == 0 ? new InfluenceScores([]) : Compute(problem, new TestBatch(problem, tests), progress, cancel);
    }

    private protected abstract InfluenceScores Compute(
        InfluenceProblem problem, TestBatch tests, Action<InfluenceProgress>? progress, CancellationToken cancel);
}

/// <summary>Estimates for some test images.</summary>
/// <param name="Values">δ of each test image and each training image, <c>[tests][n]</c>.</param>
/// <param name="Residual">The largest ‖b − A x‖ / ‖b‖ that iteration left in a linear system; 0 where none was solved by it.</param>
public sealed record InfluenceScores(double[][] Values, double Residual = 0);
