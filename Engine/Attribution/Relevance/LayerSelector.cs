using System.IO.Enumeration;
using Interp.Engine.Graph;
using Interp.Engine.Layers;

namespace Interp.Engine.Attribution.Relevance;

/// <summary>
/// Which layers of a network a rule is for: by name, by kind, the first or the last of a kind, several of these at once by <see
/// cref="And"/>, or any test of one's own. Kinds are what the command <c>layers</c> lists: <c>conv2d</c>, <c>linear</c>,
/// <c>adaptive_avgpool2d</c>, <c>add</c>; their case is ignored.
/// </summary>
/// <param name="text">The selection in words, for messages.</param>
/// <param name="takes">Whether it takes a layer.</param>
public sealed class LayerSelector(string text, Func<Network, Node, bool> takes)
{
    /// <summary>Every layer.</summary>
    public static LayerSelector All { get; } = new("all layers", (_, _) => true);

    /// <summary>Layers by name.</summary>
    /// <param name="patterns">Names, in which * stands for any characters and ? for one: <c>features.2*</c>. One of them is enough.</param>
    public static LayerSelector Name(params IReadOnlyList<string> patterns) => new(
        $"name {string.Join('|', patterns)}",
        (_, node) => patterns.Any(p => FileSystemName.MatchesSimpleExpression(p, node.Name, ignoreCase: false)));

    /// <summary>Layers by kind.</summary>
    /// <param name="kinds">The kinds.</param>
    public static LayerSelector Kind(params IReadOnlyList<string> kinds) =>
        new($"kind {string.Join('|', kinds)}", (_, node) => Is(node, kinds));

    /// <summary>
    /// The first layer of some kinds in the order of a forward pass: the one with no other of them between it and the image. Where a
    /// network branches before it, every branch has its own.
    /// </summary>
    /// <param name="kinds">The kinds.</param>
    public static LayerSelector First(params IReadOnlyList<string> kinds) => new(
        $"first {string.Join('|', kinds)}", (network, node) => Is(node, kinds) && !Below(network, node).Any(n => Is(n, kinds)));

    /// <summary>
    /// The last layer of some kinds: the one with no other of them between it and the output; of branches that do not meet again, each
    /// one's own.
    /// </summary>
    /// <param name="kinds">The kinds.</param>
    public static LayerSelector Last(params IReadOnlyList<string> kinds) => new(
        $"last {string.Join('|', kinds)}", (network, node) => Is(node, kinds) && !Above(network, node).Any(n => Is(n, kinds)));

    /// <summary>The layers that both take.</summary>
    public LayerSelector And(LayerSelector other) =>
        new($"{this} and {other}", (network, node) => Takes(network, node) && other.Takes(network, node));

    /// <summary>Whether it takes a layer.</summary>
    public bool Takes(Network network, Node node) => takes(network, node);

    /// <inheritdoc/>
    public override string ToString() => text;

    /// <summary>The layers of some kinds that read the image itself, at most rearranged, padded or resized, or scaled and shifted by
    /// channels.</summary>
    internal static LayerSelector OnImage(params IReadOnlyList<string> kinds) =>
        new($"{string.Join('|', kinds)} on the image", (network, node) => Is(node, kinds) && ReadsImage(network, node));

    /// <summary>Whether a layer reads the image itself, at most rearranged, padded or resized, or scaled and shifted by channels.</summary>
    internal static bool ReadsImage(Network network, Node node)
    {
        Node source = network.Nodes[node.Inputs[0]];
        return source.Id == 0 || (source.Layer is Flatten or Identity or Dropout or ChannelAffine or IPixelLayer
            && ReadsImage(network, source));
    }

    private static bool Is(Node node, IReadOnlyList<string> kinds) => kinds.Contains(node.Layer.Kind, StringComparer.OrdinalIgnoreCase);

    /// <summary>The layers that a layer depends on.</summary>
    private static IEnumerable<Node> Below(Network network, Node node)
    {
        HashSet<int> below = [.. node.Inputs];
        for (int id = node.Id - 1; id > 0; id--)
        {
            if (below.Contains(id))
            {
                yield return network.Nodes[id];
                below.UnionWith(network.Nodes[id].Inputs);
            }
        }
    }

    /// <summary>The layers that depend on a layer.</summary>
    private static IEnumerable<Node> Above(Network network, Node node)
    {
        HashSet<int> above = [node.Id];
        foreach (Node next in network.Nodes.Skip(node.Id + 1).Where(n => n.Inputs.Any(above.Contains)))
        {
            above.Add(next.Id);
            yield return next;
        }
    }
}
