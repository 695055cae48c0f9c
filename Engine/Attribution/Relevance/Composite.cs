using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Layers;

namespace Interp.Engine.Attribution.Relevance;

/// <summary>Which rule each layer follows: the first entry that selects it.</summary>
/// <param name="name">What it is called in messages.</param>
/// <param name="entries">The entries.</param>
internal sealed class Composite(string name, params IEnumerable<RuleFor> entries)
{
    private readonly RuleFor[] _entries = [.. entries];

    /// <summary>The same with an entry that comes first.</summary>
    public Composite With(RuleFor first) => new(name, [first, .. _entries]);

    /// <summary>The rule of a node.</summary>
    /// <exception cref="ModelException">No entry selects it.</exception>
    public LayerRule For(Network network, Node node) => Array.Find(_entries, e => e.Selects(network, node))?.Rule
        ?? throw new ModelException($"layer '{node.Name}': {name} has no rule for '{node.Layer.Kind}'; explain a unit of a layer before it");
}

/// <summary>A rule for some layers.</summary>
/// <param name="Selects">Which.</param>
/// <param name="Rule">The rule.</param>
internal sealed record RuleFor(Func<Network, Node, bool> Selects, LayerRule Rule)
{
    /// <summary>A rule for a kind of layer.</summary>
    public static RuleFor Kind<TLayer>(LayerRule rule) where TLayer : Layer => new((_, node) => node.Layer is TLayer, rule);

    /// <summary>A rule for the layers of a kind that read the image itself, at most rearranged.</summary>
    public static RuleFor First<TLayer>(LayerRule rule) where TLayer : Layer => new((network, node) => node.Layer is TLayer && ReadsImage(network, node), rule);

    private static bool ReadsImage(Network network, Node node)
    {
        Node source = network.Nodes[node.Inputs[0]];
        return source.Id == 0 || (source.Layer is Flatten or Identity or Dropout && ReadsImage(network, source));
    }
}
