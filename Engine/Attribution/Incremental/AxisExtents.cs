using Interp.Engine.Graph;
using Interp.Engine.Tensors;

namespace Interp.Engine.Attribution.Incremental;

/// <summary>Which rows, or which columns, of each node's map depend on those of the image that change, for some changes.</summary>
internal sealed class AxisExtents
{
    private readonly Extent[]?[] _ofNode;

    /// <param name="graph">The network.</param>
    /// <param name="axis">2 for rows, 3 for columns.</param>
    /// <param name="changes">What changes of the image.</param>
    internal AxisExtents(ReachGraph graph, int axis, Extent[] changes)
    {
        Changes = changes;
        _ofNode = new Extent[]?[graph.Network.Nodes.Length];
        _ofNode[0] = changes;
        foreach (Node node in graph.Nodes)
        {
            NodeReach reach = graph.Reach(node);
            Extent[]?[] inputs = [.. node.Inputs.Select(i => _ofNode[i])];
            if (reach.Kind == ReachKind.Whole || inputs.Contains(null))
            {
                continue;
            }

            Shape shape = graph.Shapes[node.Id];
            SlidingAxis window = axis == 2 ? reach.Rows : reach.Columns;
            _ofNode[node.Id] = reach.Kind == ReachKind.Window
                ? [.. inputs[0]!.Select(e => e.Through(window, shape[axis]))]
                : [.. Enumerable.Range(0, changes.Length).Select(i => inputs.Select(e => e![i]).Aggregate((a, b) => a.Union(b)))];
        }
    }

    /// <summary>What changes of the image.</summary>
    internal Extent[] Changes { get; }

    /// <summary>Whether it is known for a node: nothing before it reads whole maps.</summary>
    internal bool Knows(int node) => _ofNode[node] is not null;

    /// <summary>A node's extents, one for each change.</summary>
    internal Extent[] Of(int node) => _ofNode[node]!;
}
