using Interp.Engine.Attribution.Relevance.Files;
using Interp.Engine.Attribution.Relevance.Rules;
using Interp.Engine.Graph;

namespace Interp.Engine.Attribution.Relevance;

/// <summary>
/// Layer-wise relevance propagation. The relevance that starts is the target's value itself: a logit z_c at its class; z_c at c and −z_a at
/// a for a difference; a unit's activation, shared evenly over a channel. It is handed down by the rules of a composite, and what reaches a
/// value of the input is its contribution. Rules, stabilisers (1e-6 with the sign of the denominator, +1 for zero) and composites compute
/// what zennit 0.5 does on a network whose batch norms are merged; z^B's bounds are black and white. Relevance always starts from the
/// logit, for a probability too.
/// </summary>
/// <remarks>S. Bach et al., "On pixel-wise explanations for non-linear classifier decisions by layer-wise relevance propagation", PLoS ONE
/// 10(7), 2015.</remarks>
public sealed class LrpMethod : AttributionMethod
{
    private static readonly MethodOption<LrpComposite> CompositeOption = new(
        "composite",
        "which rule each layer follows",
        Composites.Lrp[0],
        CompositeFile.Find,
        c => c.Text,
        "NAME|FILE",
        CompositeFile.Expected,
        [.. Composites.Lrp.Names]);

    private static readonly MethodOption<double> EpsilonOption = MethodOption.Real(
        "epsilon", "what the epsilon rule adds to each denominator, with its sign", Elementwise.Stabilizer, 0, 1e6);

    private static readonly MethodOption<double> GammaOption = MethodOption.Real(
        "gamma", "how much more the gamma rule counts what speaks for an output", GammaRule.Standard, 0, 1e6);

    private readonly Composite? _own;

    /// <summary>The method with the composites that its option <c>composite</c> takes.</summary>
    public LrpMethod() => Options = [CompositeOption, EpsilonOption, GammaOption, Through.Option];

    /// <summary>The method with a composite of one's own, and only the option <c>through</c>.</summary>
    public LrpMethod(Composite composite) => (_own, Options) = (composite, [Through.Option]);

    /// <inheritdoc/>
    public override string Name => "lrp";

    /// <inheritdoc/>
    public override string Title => "Layer-wise relevance propagation";

    /// <inheritdoc/>
    public override string Summary => "the target's value handed down layer by layer, shared out by what each input adds to each output";

    /// <inheritdoc/>
    public override string Formula =>
        "R_i = Σ_j z_ij R_j / Σ_i z_ij from the target's value down to the input, z_ij what i adds to j by the layer's rule";

    /// <inheritdoc/>
    public override string Paper => "S. Bach et al., PLoS ONE 10(7), 2015; composites as in zennit";

    /// <inheritdoc/>
    public override AttributionKind Kind => AttributionKind.Contribution;

    /// <inheritdoc/>
    public override IReadOnlyList<MethodOption> Options { get; }

    /// <inheritdoc/>
    public override MethodGlossary? Glossary { get; } = new(
        "A composite file",
        """
        { "base": "epsilon-plus", "rules": [ { "first": "conv2d", "rule": "z-box" },
        { "name": "features.2*", "rule": "epsilon", "epsilon": 0.25 } ] }: each layer follows the first rule that takes it by name
        (* and ? stand for any characters and for one), by kind, as the first or the last of a kind, or by several of these, and
        that fits it; then the base, a composite by name, if there is one. Layers without weights have standard rules. Rules and
        their parameters (bias false leaves biases out):
        """.ReplaceLineEndings(" "),
        [.. RuleKinds.All.Select(r => (r.Name, r.Meaning))]);

    /// <inheritdoc/>
    public override IEnumerable<(MethodOption Option, string Reason)> Idle(OptionValues values)
    {
        return _own is not null || values.Get(CompositeOption) is not { } chosen
            ? []
            : from option in (MethodOption[])[EpsilonOption, GammaOption]
              where !chosen.Has(option.Name)
              select (option, $"in option 'composite' {chosen.Name}");
    }

    /// <inheritdoc/>
    public override void Check(Network network, OptionValues values)
    {
        CompositeOf(values).In(network);
        Through.Of(network, values);
    }

    /// <inheritdoc/>
    protected override Explanation Compute(AttributionRequest request)
    {
        using var walk = new RelevanceWalk(
            request, CompositeOf(request.Options), request.Network.Input, through: Through.Of(request.Network, request.Options));
        float[] relevance = walk.Run(walk.Shares);
        bool isOwn = _own is not null || request.Options.Get(CompositeOption).IsOwn;
        Fact[] rules = isOwn ? [new Fact("rules", walk.RulesInForce)] : [];
        return new Explanation(relevance)
        {
            Facts = [.. RelevanceFacts.Start(request.Target), .. rules, .. walk.Account?.Facts ?? [], .. walk.Conservation.Facts()],
            Diagnosis = walk.Account?.Diagnosis ?? [],
        };
    }

    private Composite CompositeOf(OptionValues values) =>
        _own ?? values.Get(CompositeOption).Of(values.Get(EpsilonOption), values.Get(GammaOption));
}
