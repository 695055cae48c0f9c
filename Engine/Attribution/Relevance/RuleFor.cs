using Interp.Engine.Graph;

namespace Interp.Engine.Attribution.Relevance;

/// <summary>A rule for some layers.</summary>
/// <param name="Layers">Which; those that the rule does not fit are left out.</param>
/// <param name="Rule">The rule.</param>
public sealed record RuleFor(LayerSelector Layers, LayerRule Rule)
{
    /// <summary>
    /// Whether it may serve no layer of a network. Otherwise that is an error: most likely a name is misspelt, or rules stand in the wrong
    /// order.
    /// </summary>
    public bool MayBeIdle { get; init; }

    /// <summary>Whether a layer is among those that it is for.</summary>
    public bool Serves(Network network, Node node) => Rule.Fits(node.Layer) && Layers.Takes(network, node);

    /// <inheritdoc/>
    public override string ToString() => $"{Layers}: {Rule}";
}
