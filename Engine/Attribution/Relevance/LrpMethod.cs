using System.Collections.Immutable;

namespace Interp.Engine.Attribution.Relevance;

/// <summary>
/// Layer-wise relevance propagation. The relevance that starts is the target's value itself: a logit z_c at its class; z_c at c and −z_a at a for a difference;
/// a unit's activation, shared evenly over a channel. It is handed down by the rules of a composite, and what reaches a value of the input is its contribution.
/// Rules, stabilisers (1e-6 with the sign of the denominator, +1 for zero) and composites compute what zennit 0.5 does on a network whose batch norms
/// are merged; z^B's bounds are black and white. Relevance always starts from the logit, for a probability too.
/// </summary>
/// <remarks>S. Bach et al., "On pixel-wise explanations for non-linear classifier decisions by layer-wise relevance propagation", PLoS ONE 10(7), 2015.</remarks>
public sealed class LrpMethod : AttributionMethod
{
    private static readonly MethodOption<LrpComposite> CompositeOption = MethodOption.Choice(
        "composite", "which rule each layer follows", Composites.Lrp, Composites.Lrp[0], c => c.Name);

    private static readonly MethodOption<double> EpsilonOption = MethodOption.Real(
        "epsilon", "what the epsilon rule adds to each denominator, with its sign", Elementwise.Stabilizer, 0, 1e6);

    private static readonly MethodOption<double> GammaOption = MethodOption.Real("gamma", "how much more the gamma rule counts what speaks for an output", 0.25, 0, 1e6);

    /// <inheritdoc/>
    public override string Name => "lrp";

    /// <inheritdoc/>
    public override string Title => "Layer-wise relevance propagation";

    /// <inheritdoc/>
    public override string Summary => "the target's value handed down layer by layer, shared out by what each input adds to each output";

    /// <inheritdoc/>
    public override string Formula => "R_i = Σ_j z_ij R_j / Σ_i z_ij from the target's value down to the input, z_ij what i adds to j by the layer's rule";

    /// <inheritdoc/>
    public override string Paper => "S. Bach et al., PLoS ONE 10(7), 2015; composites as in zennit";

    /// <inheritdoc/>
    public override AttributionKind Kind => AttributionKind.Contribution;

    /// <inheritdoc/>
    public override IReadOnlyList<MethodOption> Options { get; } = [CompositeOption, EpsilonOption, GammaOption];

    /// <inheritdoc/>
    public override IEnumerable<(MethodOption Option, string Reason)> Idle(OptionValues values)
    {
        LrpComposite chosen = values.Get(CompositeOption);
        return ((MethodOption[])[EpsilonOption, GammaOption]).Where(o => !chosen.Has(o.Name)).Select(o => (o, $"in --composite {chosen.Name}"));
    }

    /// <inheritdoc/>
    protected override Explanation Compute(AttributionRequest request)
    {
        OptionValues options = request.Options;
        LrpComposite chosen = options.Get(CompositeOption);
        var composite = new Composite($"composite {chosen.Name}", chosen.Rules(options.Get(EpsilonOption), options.Get(GammaOption)));
        var walk = new RelevanceWalk(request, composite, request.Network.Input);
        float[] relevance = walk.Run(walk.Shares);
        return new Explanation(relevance) { Facts = [.. RelevanceFacts.Start(request.Target), .. walk.Conservation.Facts()] };
    }
}
