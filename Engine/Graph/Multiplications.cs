using System.Collections.Immutable;
using Interp.Engine.Tensors;

namespace Interp.Engine.Graph;

/// <summary>How many numbers the layers with weights multiply for one image: positions of the output times weights, by far the most of a
/// network's work.</summary>
internal sealed class Multiplications
{
    private readonly Network _network;
    private readonly long[] _ofNode;

    /// <param name="network">The network.</param>
    /// <param name="size">The image's height and width.</param>
    internal Multiplications(Network network, (int Height, int Width) size)
    {
        _network = network;
        ImmutableArray<Shape> shapes = network.Shapes(1, size.Height, size.Width);
        _ofNode = [.. network.Nodes.Select(n => Of(n, shapes[n.Id]))];
    }

    /// <summary>Those of all layers.</summary>
    internal long All => _ofNode.Sum();

    /// <summary>Those of one layer.</summary>
    internal long this[Node node] => _ofNode[node.Id];

    /// <summary>The share of the layers behind a node, on the way to another.</summary>
    internal double Share(Node from, Node to) => (double)_network.Nodes
        .Where(n => n.Id > from.Id && _ofNode[n.Id] > 0 && GraphPaths.Lead(_network, from, n) && GraphPaths.Lead(_network, n, to))
        .Sum(n => _ofNode[n.Id]) / Math.Max(1, All);

    /// <summary>Filters and matrices; a normalisation's scales count as nothing.</summary>
    private static long Of(Node node, Shape output) =>
        node.Weights is [{ Shape.Rank: >= 2 } weight, ..] ? weight.Shape.Count * (output.Count / (output[0] * output[1])) : 0;
}
