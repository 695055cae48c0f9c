using Interp.Engine.Backends;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;

namespace Interp.Engine.Attribution.Incremental;

/// <summary>
/// What of each node's map is computed anew for some changes of an image: a patch around what the change reaches, of one size for all of
/// them, as far as patches are clearly smaller than maps; whole maps from there on. Before each node that reads more than the patch there
/// is a frame.
/// </summary>
internal sealed class PatchPlan
{
    /// <summary>Largest shares of a map that are still computed as a patch; the cheapest of them is taken.</summary>
    private static readonly double[] s_shares = [0.5, 0.7, 0.85, 1.01];

    /// <summary>Outputs along a side of the tiles in which convolutions of 3×3 are mostly computed.</summary>
    private const int Tile = 4;

    private readonly ReachGraph _graph;
    private readonly AxisExtents _rows, _columns;
    private readonly double _most;
    private readonly Patch?[] _patches; // null: the whole map
    private readonly List<PlannedFrame> _frames = [];
    private readonly Dictionary<(int Node, int Input), PlannedFrame> _between = [];

    private PatchPlan(ReachGraph graph, AxisExtents rows, AxisExtents columns, double most)
    {
        (_graph, _rows, _columns, _most) = (graph, rows, columns, most);
        _patches = new Patch?[graph.Network.Nodes.Length];
        _patches[0] = Around(0, graph.Network.Input);
        Input = _patches[0]!;
        foreach (Node node in graph.Nodes)
        {
            _patches[node.Id] = Add(node);
            Patch? patch = _patches[node.Id];
            Shape shape = graph.Shapes[node.Id];
            Cost += graph.Cost(node, patch is null ? 1
                : (double)patch.Rows.Length * patch.Columns.Length / ((double)shape[2] * shape[3]));
        }

        if (_patches[graph.Target.Id] is not null)
        {
            Last = Restore(graph.Target.Id);
        }
    }

    /// <summary>The part of the image that is handed in.</summary>
    internal Patch Input { get; }

    /// <summary>The frames, each at its slot's place.</summary>
    internal IReadOnlyList<PlannedFrame> Frames => _frames;

    /// <summary>About how many multiply-adds an image costs.</summary>
    internal double Cost { get; private set; }

    /// <summary>The frame that makes the target's map whole, if it is not.</summary>
    private PlannedFrame? Last { get; }

    /// <summary>The cheapest plan.</summary>
    internal static PatchPlan Cheapest(ReachGraph graph, AxisExtents rows, AxisExtents columns) =>
        s_shares.Select(share => new PatchPlan(graph, rows, columns, share)).MinBy(plan => plan.Cost)!;

    /// <summary>The network that computes it, whose output is the target's.</summary>
    internal Network Network => field ??= Build();

    private Network Build()
    {
        Network network = _graph.Network;
        var builder = new NetworkBuilder(network.InputChannels);
        var names = new Dictionary<int, string> { [0] = builder.Last };
        AddFrames(0);
        foreach (Node node in _graph.Nodes)
        {
            string[] inputs =
            [
                .. node.Inputs.Select(
                    (input, k) => _between.TryGetValue((node.Id, k), out PlannedFrame? frame) ? Name(frame) : names[input]),
            ];
            Layer layer = _patches[node.Id] is null ? node.Layer : _graph.Reach(node).Layer;
            builder.Add(names[node.Id] = node.Name, layer, inputs, node.Weights.AsSpan());
            AddFrames(node.Id);
        }

        return builder.BuildPart($"{network.Name}, what changes", (Input.Rows.Length, Input.Columns.Length));

        // Next to their source, so that a convolution can take the sum with one into its own step. The last one ends the network.
        void AddFrames(int source)
        {
            foreach (PlannedFrame frame in _frames.Where(f => f.Source == source).OrderBy(f => f == Last))
            {
                Shape shape = _graph.Shapes[source];
                var layer = new Frame(frame.Slot, new Size2(shape[2], shape[3]),
                    new Size2(frame.To.Rows.Length, frame.To.Columns.Length), frame.Outside);
                builder.Add(Name(frame), layer, [names[source]], []);
            }
        }

        string Name(PlannedFrame frame) => $"{network.Nodes[frame.Source].Name}/frame{frame.Slot}";
    }

    /// <summary>Plans a node and the frames before it; null if its whole map is computed.</summary>
    private Patch? Add(Node node)
    {
        NodeReach reach = _graph.Reach(node);
        Patch?[] inputs = [.. node.Inputs.Select(i => _patches[i])];
        Patch? patch = inputs.Contains(null) || reach.Kind == ReachKind.Whole ? null
            : reach.Kind == ReachKind.Window ? OfWindow(node, reach, inputs[0]!)
            : Array.TrueForAll(inputs, p => p!.Same(inputs[0]!)) ? inputs[0]
            : Largest(node, inputs!);
        for (int k = 0; k < inputs.Length; k++)
        {
            if (inputs[k] is not { } from)
            {
                continue;
            }

            if (patch is null)
            {
                _between[(node.Id, k)] = Restore(node.Inputs[k]);
            }
            else if (reach.Kind == ReachKind.Pixel && !from.Same(patch))
            {
                _between[(node.Id, k)] = FrameFrom(node.Inputs[k], patch, reach.Outside);
            }
            else if (reach.Kind == ReachKind.Window && Tiled(node, reach, from) is null)
            {
                _between[(node.Id, k)] = FrameFrom(
                    node.Inputs[k], new Patch(patch.Rows.Read(reach.Rows), patch.Columns.Read(reach.Columns)), reach.Outside);
            }
        }

        return patch;
    }

    private Patch? OfWindow(Node node, NodeReach reach, Patch input) =>
        Tiled(node, reach, input) ?? Unless(Around(node.Id, node), node, reach.Rows is { Kernel: 3, Stride: 1, Dilation: 1 } ? Tile : 1);

    /// <summary>The patch of several inputs: one of theirs if it holds what changes of all, else one around that.</summary>
    private Patch? Largest(Node node, Patch[] inputs) => Unless(
        inputs.Where(p => p.Covers(_rows, _columns, node.Id)).MinBy(p => (long)p.Rows.Length * p.Columns.Length) ?? Around(node.Id, node),
        node, 1);

    private Patch? Tiled(Node node, NodeReach reach, Patch input)
    {
        (Shape x, Shape y) = (_graph.Shapes[node.Inputs[0]], _graph.Shapes[node.Id]);
        return reach.Tiles(x, y)
            && input.Rows.Tiled(reach.Rows, x[2], y[2]) is { } rows && input.Columns.Tiled(reach.Columns, x[3], y[3]) is { } columns
            ? new Patch(rows, columns)
            : null;
    }

    private Patch Around(int id, Node node)
    {
        Shape shape = _graph.Shapes[node.Id];
        (int h, int w) = _graph.AlignOf(id);
        return new Patch(AxisPatch.Around(_rows.Of(id), h, shape[2]), AxisPatch.Around(_columns.Of(id), w, shape[3]));
    }

    /// <summary>A patch, or none if it covers so much that the whole map is as cheap.</summary>
    private Patch? Unless(Patch patch, Node node, int tile)
    {
        Shape shape = _graph.Shapes[node.Id];
        double area = (double)Up(patch.Rows.Length) * Up(patch.Columns.Length), all = (double)Up(shape[2]) * Up(shape[3]);
        bool isWhole = patch.Rows.IsWhole(shape[2]) && patch.Columns.IsWhole(shape[3]);
        return isWhole || area >= _most * all ? null : patch;

        int Up(int n) => (n + tile - 1) / tile * tile;
    }

    private PlannedFrame Restore(int source)
    {
        Shape shape = _graph.Shapes[source];
        AxisPatch rows = AxisPatch.Whole(shape[2], _rows.Changes.Length), columns = AxisPatch.Whole(shape[3], _columns.Changes.Length);
        return FrameFrom(source, new Patch(rows, columns), 0);
    }

    private PlannedFrame FrameFrom(int source, Patch to, float outside)
    {
        if (_frames.Find(f => f.Source == source && f.Outside == outside && f.To.Same(to)) is { } known)
        {
            return known;
        }

        var frame = new PlannedFrame(_frames.Count, source, _patches[source]!, to, outside);
        _frames.Add(frame);
        Cost += _graph.FrameCost(source, to.Rows.Length, to.Columns.Length);
        return frame;
    }
}

/// <summary>A frame of a plan.</summary>
/// <param name="Slot">Its number.</param>
/// <param name="Source">The node whose map it frames.</param>
/// <param name="From">The patch of it that was computed.</param>
/// <param name="To">The rectangle that is made.</param>
/// <param name="Outside">What stands beyond the map's edge.</param>
internal sealed record PlannedFrame(int Slot, int Source, Patch From, Patch To, float Outside)
{
    /// <summary>Where it lies for a change.</summary>
    internal FramePlace Place(int row, int column) =>
        new(To.Rows.Starts[row], To.Columns.Starts[column], From.Rows.Starts[row], From.Columns.Starts[column]);
}
