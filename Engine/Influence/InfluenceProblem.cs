using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Engine.Training;

namespace Interp.Engine.Influence;

/// <summary>How the head whose training images are asked about is trained.</summary>
public sealed record InfluenceOptions
{
    /// <summary>λ of <see cref="SoftmaxRegression"/>, or null to choose it on held-out images.</summary>
    public double? L2 { get; init; }

    /// <summary>The share of each class's images that is held out to choose λ and to measure the head; 0 needs <see cref="L2"/>. The head
    /// itself is trained on all images.</summary>
    public double Validation { get; init; } = 0.2;

    /// <summary>Of what is drawn at random: which images are held out, half sets, projections, the random ranking.</summary>
    public ulong Seed { get; init; }

    /// <summary>The largest ‖∇L(W)‖ at which W counts as the optimum.</summary>
    public double Tolerance { get; init; } = 1e-10;

    /// <summary>Threads that compute; 0 for one per core. Results do not depend on it.</summary>
    public int Threads { get; init; }
}

/// <summary>How far something has come.</summary>
/// <param name="Stage">What is being done.</param>
/// <param name="Done">Parts that are done.</param>
/// <param name="Of">Of how many.</param>
public readonly record struct InfluenceProgress(string Stage, int Done, int Of);

/// <summary>
/// A question that has an exact answer: which training images made a head say what it says. The head is softmax regression on frozen,
/// standardised features, L(W) = (1/n) Σ_i ℓ_i(W) + (λ/2)‖W‖² with the bias penalised too (<see cref="SoftmaxRegression"/>), so there is
/// one optimum W*, and what it would be without some images can be computed. Removing a set S of images means to minimise
/// <c>(1/n) Σ_{i∉S} ℓ_i + (λ/2)‖W‖²</c>: the sum of losses loses some terms, while their penalty (nλ/2)‖W‖² and the standardisation stay as
/// they are.
/// </summary>
/// <remarks>Immutable; may be used by several threads. Holds 20 bytes a feature and image, and 16 bytes a class and image. Everything is
/// float64 with the same bits at any number of threads.</remarks>
public sealed class InfluenceProblem
{
    private readonly Dictionary<object, object> _shared = [];

    private InfluenceProblem(SoftmaxFit fit, InfluenceOptions options, ImmutableArray<L2Trial> trials)
    {
        (Fit, Options, Trials, Residuals) = (fit, options, trials, fit.Point.Residuals());
        Head = SoftmaxHead.Of(fit.Point.Weights, Scale);
    }

    /// <summary>The training images.</summary>
    public LabelledFeatures Train => Objective.Data;

    /// <summary>Their standardisation, which stays as it is when images are removed.</summary>
    public FeatureScale Scale => Objective.Scale;

    /// <summary>λ.</summary>
    public double L2 => Objective.L2;

    /// <summary>L.</summary>
    public SoftmaxRegression Objective => Optimum.Objective;

    /// <summary>W*: loss, gradients and products with the Hessian there.</summary>
    public SoftmaxPoint Optimum => Fit.Point;

    /// <summary>How W* was found, and ‖∇L(W*)‖.</summary>
    public SoftmaxFit Fit { get; }

    /// <summary>How.</summary>
    public InfluenceOptions Options { get; }

    /// <summary>The head in the units of the features themselves.</summary>
    public SoftmaxHead Head { get; }

    /// <summary>The values of λ that were tried on held-out images; one where it was given, none where nothing was held out.</summary>
    public ImmutableArray<L2Trial> Trials { get; }

    /// <summary>How a head that was trained without the held-out images, with the same λ, does on them; null where none were.</summary>
    public HeadAccuracy? HeldOut => Trials.FirstOrDefault(t => t.L2 == L2)?.HeldOut;

    /// <summary>Training images.</summary>
    public int Count => Train.Count;

    /// <summary>p_i − e_{y_i} at W* of all training images, <c>[n,classes]</c>: ∇ℓ_i is the outer product of h̃_i and this.</summary>
    internal double[] Residuals { get; }

    /// <summary>Trains the head.</summary>
    /// <param name="train">Features and classes of the training images.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Told after each step of Newton's method, or null.</param>
    /// <param name="cancel">Checked before each product with the Hessian.</param>
    /// <exception cref="InputException">The options do not go together, or nothing can be held out.</exception>
    public static InfluenceProblem Of(
        LabelledFeatures train, InfluenceOptions options, Action<HeadProgress>? progress = null, CancellationToken cancel = default)
    {
        var how = new HeadOptions
        {
            L2 = options.L2, Validation = options.Validation, Seed = options.Seed, Tolerance = options.Tolerance, Threads = options.Threads,
        };
        TrainedHead head = HeadTrainer.Train(train, how, null, progress, cancel);
        return new InfluenceProblem(head.Fit, options, head.Trials);
    }

    /// <summary>The same problem from a W* that was kept, without training; where it is not the optimum, training goes on from
    /// it.</summary>
    /// <param name="train">Features and classes of the training images.</param>
    /// <param name="l2">λ.</param>
    /// <param name="weights">W*, <c>[d+1,classes]</c>: <see cref="SoftmaxPoint.Weights"/> of <see cref="Optimum"/>.</param>
    /// <param name="trials">What was tried.</param>
    /// <param name="options">As they were.</param>
    /// <param name="cancel">Checked before each product with the Hessian.</param>
    /// <exception cref="ArgumentException">There are not so many weights.</exception>
    public static InfluenceProblem From(
        LabelledFeatures train, double l2, double[] weights, ImmutableArray<L2Trial> trials, InfluenceOptions options,
        CancellationToken cancel = default)
    {
        var objective = new SoftmaxRegression(train, FeatureScale.Of(train), l2, options.Threads);
        return new InfluenceProblem(SoftmaxFit.Minimise(objective, options.Tolerance, weights, null, cancel), options, trials);
    }

    /// <summary>What the head says about an image.</summary>
    /// <exception cref="ArgumentException">It has another number of features, or its class does not exist.</exception>
    public HeadAnswer Answer(TestPoint test) => HeadAnswer.Of(Optimum.Weights, Standardise(test), test.Label);

    /// <summary>h̃ of an image, with the 1 behind it.</summary>
    internal double[] Standardise(TestPoint test)
    {
        if (test.Features.Length != Train.Features || test.Label < 0 || test.Label >= Train.Classes)
        {
            throw new ArgumentException(
                $"{test.Features.Length} features and class {test.Label}, expected {Train.Features} and 0 to {Train.Classes - 1}",
                nameof(test));
        }

        var row = new double[Objective.Inputs];
        Scale.Apply(test.Features, row);
        return row;
    }

    /// <summary>⟨X, ∇ℓ_i(W*)⟩ of each training image.</summary>
    /// <param name="x"><c>[d+1,classes]</c>.</param>
    internal double[] GradientProducts(double[] x)
    {
        double[] u = Objective.Forward(x);
        int classes = Train.Classes;
        var products = new double[Count];
        Objective.EachImage(i => products[i] =
            LinearAlgebra.Vectors.Dot(u.AsSpan(i * classes, classes), Residuals.AsSpan(i * classes, classes)));
        return products;
    }

    /// <summary>What several questions need alike, computed by the first that asks.</summary>
    /// <param name="key">What it is.</param>
    /// <param name="make">Computes it; does not depend on the question.</param>
    internal T Shared<T>(object key, Func<T> make)
        where T : class
    {
        lock (_shared)
        {
            if (!_shared.TryGetValue(key, out object? value))
            {
                _shared[key] = value = make();
            }

            return (T)value;
        }
    }
}
