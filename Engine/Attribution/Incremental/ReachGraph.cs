using System.Collections.Immutable;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;

namespace Interp.Engine.Attribution.Incremental;

/// <summary>The nodes of a network that lead to one of them, how each reaches over its inputs, and what it costs.</summary>
internal sealed class ReachGraph
{
    /// <summary>The largest number of which patches are made multiples, so that windows behind them lie side by side.</summary>
    private const int MostAlignment = 8;

    /// <summary>What it costs to write one value, and read what it is made of, in multiply-adds of a convolution.</summary>
    private const double CostOfValue = 16;

    private readonly NodeReach[] _reach;
    private readonly (int H, int W)[] _align;

    internal ReachGraph(Network network, Node target, (int Height, int Width) image)
    {
        (Network, Target) = (network, target);
        Shapes = network.Shapes(1, image.Height, image.Width);
        Nodes = [.. network.Nodes.Skip(1).Where(n => GraphPaths.Lead(network, n, target))];
        _reach = new NodeReach[network.Nodes.Length];
        _align = new (int, int)[network.Nodes.Length];
        Array.Fill(_align, (1, 1));
        foreach (Node node in Nodes)
        {
            _reach[node.Id] = NodeReach.Of(node, [.. node.Inputs.Select(i => Shapes[i])], Shapes[node.Id]);
        }

        foreach (Node node in Nodes.Reverse())
        {
            foreach (int input in node.Inputs.Where(i => Shapes[i].Rank == 4))
            {
                _align[input] = Align(node, input);
            }
        }
    }

    internal Network Network { get; }

    internal Node Target { get; }

    /// <summary>Every node's output shape for one image.</summary>
    internal ImmutableArray<Shape> Shapes { get; }

    /// <summary>The nodes that lead to the target, it among them and the input not, in order.</summary>
    internal ImmutableArray<Node> Nodes { get; }

    internal NodeReach Reach(Node node) => _reach[node.Id];

    /// <summary>The numbers of rows and columns of which a patch of a node should be a multiple.</summary>
    internal (int H, int W) AlignOf(int node) => _align[node];

    /// <summary>About what a node costs, in multiply-adds for an image.</summary>
    /// <param name="node">The node.</param>
    /// <param name="share">The share of its output that is computed.</param>
    internal double Cost(Node node, double share)
    {
        double values = Shapes[node.Id].Count;
        return share * values * node.Layer switch
        {
            Conv2d conv => CostOfValue + ((double)conv.Window.Kernel.H * conv.Window.Kernel.W * conv.InChannels / conv.Groups),
            Linear linear => linear.InFeatures,
            ReLU or Activation or Dropout or Identity => 0, // done with what is before them
            _ => CostOfValue,
        };
    }

    /// <summary>What it costs to put together a rectangle of a node's map.</summary>
    internal double FrameCost(int node, int rows, int columns) => CostOfValue * Shapes[node][1] * rows * columns;

    private (int H, int W) Align(Node reader, int input)
    {
        (int h, int w) = _align[reader.Id];
        NodeReach reach = _reach[reader.Id];
        if (reach.Tiles(Shapes[input], Shapes[reader.Id]))
        {
            (h, w) = (h * reach.Rows.Stride, w * reach.Columns.Stride);
        }
        else if (reach.Kind != ReachKind.Pixel)
        {
            return _align[input];
        }

        (int ownH, int ownW) = (Multiple(_align[input].H, h), Multiple(_align[input].W, w));
        return ownH <= MostAlignment && ownW <= MostAlignment ? (ownH, ownW) : _align[input];
    }

    private static int Multiple(int a, int b) => a / (int)System.Numerics.BigInteger.GreatestCommonDivisor(a, b) * b;
}
