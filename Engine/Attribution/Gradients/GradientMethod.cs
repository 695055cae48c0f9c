using Interp.Engine.Arithmetic;
using Interp.Engine.Rules;

namespace Interp.Engine.Attribution.Gradients;

/// <summary>
/// One backward pass from the target to the input with a rule at every ReLU. With the vanilla rule this is the gradient itself, d target /
/// d input;
/// DeconvNet and guided backpropagation are the same pass with other rules, SmoothGrad and its kin the same pass at noisy inputs.
/// </summary>
/// <param name="name">The method's name.</param>
/// <param name="title">The name in words.</param>
/// <param name="summary">What it computes.</param>
/// <param name="formula">The same as a formula.</param>
/// <param name="paper">Where it comes from.</param>
/// <param name="rule">The ReLU rule unless another is asked for.</param>
/// <param name="smoothing">The options of the average over noisy inputs, or null for <c>--smooth</c>.</param>
/// <param name="statistic">What of the samples' gradients is reported, or null for their mean.</param>
internal sealed class GradientMethod(
    string name, string title, string summary, string formula, string paper, ReluRule? rule = null, Smoothing? smoothing = null,
    Func<IMoments, double[]>? statistic = null)
    : GradientSumMethod(rule, smoothing)
{
    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override string Title => title;

    /// <inheritdoc/>
    public override string Summary => summary;

    /// <inheritdoc/>
    public override string Formula => formula;

    /// <inheritdoc/>
    public override string Paper => paper;

    /// <inheritdoc/>
    public override AttributionKind Kind => AttributionKind.Sensitivity;

    /// <inheritdoc/>
    protected override double[] Summarise(IMoments samples) => statistic is null ? base.Summarise(samples) : statistic(samples);

    /// <inheritdoc/>
    protected override IEnumerable<GradientTerm> Terms(GradientRun run, NoisyImage x, int sample) => [new GradientTerm(new LinePoint(x))];
}
