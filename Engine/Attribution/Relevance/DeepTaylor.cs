using Interp.Engine.Graph;

namespace Interp.Engine.Attribution.Relevance;

/// <summary>
/// Deep Taylor decomposition: at every neuron the relevance above is expanded to first order around a root point, which gives the z⁺ rule
/// in hidden layers, R_i = Σ_j x_i w⁺_ij R_j / Σ_i x_i w⁺_ij, and the z^B rule in the layer that reads pixels. It is LRP-α1β0 (the
/// composite <c>z-plus</c>) but for biases, which take nothing, and for that first layer. Sums, average pools, scales of channels and layer
/// norms (σ held) follow z⁺ too, gates are weights. The method is defined for a logit that is above zero; below zero, all values come out
/// with its sign.
/// </summary>
/// <remarks>G. Montavon, S. Lapuschkin, A. Binder, W. Samek, K.-R. Müller, Pattern Recognition 65, 2017.</remarks>
internal sealed class DeepTaylor : AttributionMethod
{
    /// <inheritdoc/>
    public override string Name => "deep-taylor";

    /// <inheritdoc/>
    public override string Title => "Deep Taylor decomposition";

    /// <inheritdoc/>
    public override string Summary =>
        "relevance by a first-order expansion at every neuron: only what excites counts, pixels lie between black and white";

    /// <inheritdoc/>
    public override string Formula => "R_i = Σ_j x_i w⁺_ij R_j / Σ_i x_i w⁺_ij, and z^B at the pixels";

    /// <inheritdoc/>
    public override string Paper => "G. Montavon, S. Lapuschkin, A. Binder, W. Samek, K.-R. Müller, arXiv 1512.02479";

    /// <inheritdoc/>
    public override AttributionKind Kind => AttributionKind.Contribution;

    /// <inheritdoc/>
    public override IReadOnlyList<MethodOption> Options { get; } = [Through.Option];

    /// <inheritdoc/>
    public override void Check(Network network, OptionValues values) => Through.Of(network, values);

    /// <inheritdoc/>
    protected override Explanation Compute(AttributionRequest request)
    {
        using var walk = new RelevanceWalk(
            request, Composites.DeepTaylor, request.Network.Input, through: Through.Of(request.Network, request.Options));
        float[] shares = walk.Shares, relevance = walk.Run(shares);
        double start = Elementwise.Sum(shares);
        return new Explanation(relevance)
        {
            Facts =
            [
                .. RelevanceFacts.Start(request.Target), .. walk.Account?.Facts ?? [], .. walk.Conservation.Facts(), .. walk.NegativeInputs,
            ],
            Diagnosis = walk.Account?.Nothing == true ? walk.Account.Diagnosis
                : start < 0
                ? [$"relevance starts from {start:g4}: deep Taylor is defined above 0, so every value comes out with that sign; explain "
                + "a likelier class, or use lrp"]
                : [],
        };
    }
}
