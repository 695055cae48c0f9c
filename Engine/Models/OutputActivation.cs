using Interp.Engine.Common;
using Interp.Engine.Numbers;

namespace Interp.Engine.Models;

/// <summary>
/// How a classifier's logits z become probabilities p: a property of the model, like its labels. Everything that speaks of probabilities
/// goes through it. The network's output node is always the logits: an importer that meets a softmax or a sigmoid at the end of a graph
/// leaves that node out and names it here. A new one is one file and one line below.
/// </summary>
public abstract class OutputActivation
{
    /// <summary>One class of several: p_c = exp(z_c) / Σ_j exp(z_j).</summary>
    public static OutputActivation Softmax { get; } = new SoftmaxOutput();

    /// <summary>A detector of one class, or of several independent ones: p_c = 1 / (1 + exp(−z_c)).</summary>
    public static OutputActivation Sigmoid { get; } = new SigmoidOutput();

    /// <summary>All by name.</summary>
    public static Catalog<OutputActivation> All { get; } = new("activation", a => a.Name, Softmax, Sigmoid);

    /// <summary>The name in <c>model.json</c>, manifests and on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>What a model that names none has: the sigmoid for one output, whose softmax is always 1; the softmax for several.</summary>
    public static OutputActivation For(int outputs) => outputs == 1 ? Sigmoid : Softmax;

    /// <summary>The probability of every class from one row of logits, in float64 and index order.</summary>
    public abstract double[] Probabilities(ReadOnlySpan<float> logits);

    /// <summary>
    /// log p_c of one row of logits, in float64. It neither overflows nor rounds to 0 or −∞ while the logits and their differences are
    /// finite.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public abstract double LogProbability(ReadOnlySpan<float> logits, int c);

    /// <summary>∂ log p_c / ∂z_j for every j, in float64, each exact to rounding where p_c is nearly 0 or 1.</summary>
    /// <inheritdoc cref="LogProbability"/>
    public abstract double[] LogGradient(ReadOnlySpan<float> logits, int c);

    /// <summary>∂p_c / ∂z_j = p_c · ∂ log p_c / ∂z_j for every j, in float64, each exact to rounding where p_c is nearly 0 or 1.</summary>
    /// <inheritdoc cref="LogProbability"/>
    public double[] Gradient(ReadOnlySpan<float> logits, int c)
    {
        double[] gradient = LogGradient(logits, c);
        double p = Probabilities(logits)[c];
        return Array.ConvertAll(gradient, g => p * g);
    }

    /// <summary>log(1 + x) for x ≥ 0 without losing a small x.</summary>
    private protected static double LogOnePlus(double x) => ScalarLane.Log1p(new ScalarLane(x)).Value;

    private protected static void CheckClass(int c, int classes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(c);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(c, classes);
    }
}
