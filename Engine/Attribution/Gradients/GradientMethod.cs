using Interp.Engine.Rules;

namespace Interp.Engine.Attribution.Gradients;

/// <summary>
/// One backward pass from the target to the input with a rule at every ReLU. With the vanilla rule this is the gradient itself, d target / d input;
/// DeconvNet and guided backpropagation are the same pass with other rules.
/// </summary>
/// <param name="name">The method's name.</param>
/// <param name="title">The name in words.</param>
/// <param name="paper">Where it comes from.</param>
/// <param name="rule">The ReLU rule unless another is asked for.</param>
public sealed class GradientMethod(string name, string title, string paper, ReluRule rule) : AttributionMethod
{
    private readonly MethodOption<ReluRule> _rule = ReluRuleOption.Of(rule);

    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override string Title => title;

    /// <inheritdoc/>
    public override string Summary => $"gradient of the target with respect to the input, ReLUs let through {rule.Formula}";

    /// <inheritdoc/>
    public override string Paper => paper;

    /// <inheritdoc/>
    public override AttributionKind Kind => AttributionKind.Sensitivity;

    /// <inheritdoc/>
    public override IReadOnlyList<MethodOption> Options => [_rule];

    /// <inheritdoc/>
    protected override Explanation Compute(AttributionRequest request) => new(request.Gradient(request.Options.Get(_rule)));
}
