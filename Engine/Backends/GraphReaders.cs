using Interp.Engine.Graph;
using Interp.Engine.Layers;

namespace Interp.Engine.Backends;

/// <summary>Who reads a node's output: what a backend must know to fuse steps and to share memory.</summary>
internal sealed class GraphReaders(Network network, Func<Node, bool> isKept)
{
    private readonly ILookup<int, Node> _readers = network.Nodes.SelectMany(n => n.Inputs.Select(i => (i, n))).ToLookup(p => p.i, p => p.n);

    /// <summary>Whether exactly one input of one node reads it.</summary>
    internal bool IsReadOnce(int node) => _readers[node].Count() == 1;

    /// <summary>The nodes that read a node, once for each of their inputs that do.</summary>
    internal IEnumerable<Node> Of(Node node) => _readers[node.Id];

    /// <summary>The only reader of a node that is not kept, past nodes that pass it on; null if there is no such reader.</summary>
    internal Node? SoleReader(Node node)
    {
        while (!isKept(node) && IsReadOnce(node.Id))
        {
            node = _readers[node.Id].First();
            if (node.Layer is not (Identity or Dropout))
            {
                return node;
            }
        }

        return null;
    }

    /// <summary>The nodes from one to a <see cref="SoleReader"/> of it, both included.</summary>
    internal IEnumerable<Node> Between(Node first, Node last)
    {
        for (Node node = first; node.Id != last.Id; node = _readers[node.Id].First())
        {
            yield return node;
        }

        yield return last;
    }
}
