using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;

namespace Interp.Engine.Attribution.Incremental;

/// <summary>Which part of a node's output depends on a part of its inputs.</summary>
internal enum ReachKind
{
    /// <summary>All of it.</summary>
    Whole,

    /// <summary>The same pixels.</summary>
    Pixel,

    /// <summary>The pixels whose window touches the part.</summary>
    Window,
}

/// <summary>How a node of a network reaches over its inputs, for images of a size.</summary>
/// <param name="Kind">Which pixels depend on which.</param>
/// <param name="Layer">
/// The layer that computes a rectangle of the output from one of the input: for windows without padding, which then lies in the input.
/// </param>
/// <param name="Rows">The window along the height.</param>
/// <param name="Columns">The window along the width.</param>
/// <param name="Outside">What the layer takes for its padding.</param>
internal readonly record struct NodeReach(ReachKind Kind, Layer Layer, SlidingAxis Rows, SlidingAxis Columns, float Outside)
{
    internal static NodeReach Of(Node node, IReadOnlyList<Shape> inputs, Shape output)
    {
        if (output.Rank != 4 || inputs.Any(s => s.Rank != 4))
        {
            return new(ReachKind.Whole, node.Layer, default, default, 0);
        }

        Shape x = inputs[0];
        switch (node.Layer)
        {
            case Conv2d conv:
                return Sliding(conv.Window.At(x[2], x[3]), w => conv with { Window = w }, 0);
            case MaxPool2d or AdaptiveMaxPool2d:
                return Sliding(
                    MaxPool2d.Of(node.Layer, x)!.Window.At(x[2], x[3]), w => new MaxPool2d(w), float.NegativeInfinity);
            case AvgPool2d pool when CountsAlike(pool, x, output):
                return Sliding(pool.Window.At(x[2], x[3]), w => new AvgPool2d(w), 0);
            case ReLU or Activation or PReLU or ChannelAffine or Dropout or Identity or ChannelSlice or ChannelShuffle or LayerNorm:
            case Add or Concat or Extremum:
            case Multiply when inputs[1][2] == x[2] && inputs[1][3] == x[3]:
                return new(ReachKind.Pixel, node.Layer, default, default, 0);
            case Pad2d { Mode: PadMode.Constant } pad:
                return new(
                    ReachKind.Window, new Identity(), new SlidingAxis(1, 1, pad.Start.H, 1), new SlidingAxis(1, 1, pad.Start.W, 1),
                    (float)pad.Value);
            case AdaptiveAvgPool2d when output == x:
                return new(ReachKind.Pixel, new Identity(), default, default, 0);
            default:
                return new(ReachKind.Whole, node.Layer, default, default, 0);
        }
    }

    /// <summary>Whether the windows lie side by side, so that a rectangle of outputs reads one of inputs and nothing around it.</summary>
    internal bool Tiles(Shape input, Shape output) =>
        Kind == ReachKind.Window && Rows.Tiles(input[2], output[2]) && Columns.Tiles(input[3], output[3]);

    private static NodeReach Sliding(Window at, Func<Window, Layer> layer, float outside) => new(
        ReachKind.Window,
        layer(new Window(at.Kernel, at.Stride, default, at.Dilation)),
        new SlidingAxis(at.Kernel.H, at.Stride.H, at.Padding.H, at.Dilation.H),
        new SlidingAxis(at.Kernel.W, at.Stride.W, at.Padding.W, at.Dilation.W),
        outside);

    /// <summary>Whether every mean divides by the same number: zeros of the padding count, or there are none.</summary>
    private static bool CountsAlike(AvgPool2d pool, Shape x, Shape y)
    {
        Window at = pool.Window.At(x[2], x[3]);
        Size2 end = at.PaddingEnd ?? at.Padding;
        (Size2 k, Size2 s, Size2 p, _) = at;
        return (pool.CountPadding || (p == default && end == default))
            && new SlidingAxis(k.H, s.H, p.H, 1).Fits(x[2], y[2], end.H) && new SlidingAxis(k.W, s.W, p.W, 1).Fits(x[3], y[3], end.W);
    }
}
