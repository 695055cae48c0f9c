using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Engine.Evidence;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;

namespace Interp.Engine.Examples;

/// <summary>
/// Which pixels of the network's input each position of a layer depends on. Going from a layer with fields of size r, that lie j pixels
/// apart and of which the
/// first starts at o, through a window of k taps, stride s, dilation d and padding p: r' = r + d(k−1)·j, j' = s·j, o' = o − p·j; where
/// branches meet, a field is the
/// union of theirs, and behind a gate of one position, as in squeeze-and-excitation, it has all that the gate reads (A. Araujo, W. Norris,
/// J. Sim, "Computing Receptive Fields of Convolutional Neural Networks", Distill 2019, doi 10.23915/distill.00021).
/// A field is theoretical: no pixel outside can change the position's value; those inside may weigh little, and branches and dilation leave
/// gaps in it.
/// </summary>
public sealed class ReceptiveField
{
    private readonly FieldAxis _rows;
    private readonly FieldAxis _columns;

    private ReceptiveField(FieldAxis rows, FieldAxis columns) => (_rows, _columns) = (rows, columns);

    /// <summary>Height and width of a field, before it is cut off at the border; the largest where they differ.</summary>
    public (int Height, int Width) Size => (_rows.Size, _columns.Size);

    /// <summary>Pixels from one position to the next, or null where the steps differ or there is one position only.</summary>
    public (int Y, int X)? Stride =>
        _rows.Stride is { } y && _columns.Stride is { } x && Positions is { Height: > 1, Width: > 1 } ? (y, x) : null;

    /// <summary>Where the field of position (0, 0) starts; below zero where it begins in the padding.</summary>
    public (int Y, int X) Offset => (_rows.Start, _columns.Start);

    /// <summary>Height and width of the layer's map; 1 and 1 for a layer without one, whose field is that of everything it reads.</summary>
    public (int Height, int Width) Positions => (_rows.Length, _columns.Length);

    /// <summary>The fields of a node.</summary>
    /// <param name="network">The network.</param>
    /// <param name="node">Any of its nodes.</param>
    /// <param name="height">Height of the input.</param>
    /// <param name="width">Width of the input.</param>
    /// <exception cref="ModelException">The size does not fit the network, or a layer on the way is of a kind whose fields are not
    /// known.</exception>
    public static ReceptiveField Of(Network network, Node node, int height, int width)
    {
        ImmutableArray<Shape> shapes = network.Shapes(1, height, width);
        var fields = new ReceptiveField[node.Id + 1];
        fields[0] = new ReceptiveField(FieldAxis.Pixels(height), FieldAxis.Pixels(width));
        foreach (Node n in network.Nodes.Skip(1).Take(node.Id))
        {
            ReceptiveField[] inputs = [.. n.Inputs.Select(i => fields[i])];
            (int h, int w) = SizeOf(shapes[n.Id]);
            (int rows, int columns) = SizeOf(shapes[n.Inputs[0]]);
            fields[n.Id] = new ReceptiveField(
                Through(n, [.. inputs.Select(f => f._rows)], h, s => s.H, (rows, columns)),
                Through(n, [.. inputs.Select(f => f._columns)], w, s => s.W, (rows, columns)));
        }

        return fields[node.Id];
    }

    /// <summary>The pixels that a position depends on; of no area for a position that sees padding alone.</summary>
    /// <param name="y">Row in the layer's map.</param>
    /// <param name="x">Column.</param>
    /// <exception cref="IndexOutOfRangeException">The map has no such position.</exception>
    public PixelBox At(int y, int x)
    {
        (int top, int bottom) = _rows[y];
        (int left, int right) = _columns[x];
        return bottom < top || right < left ? default : new PixelBox(left, top, right + 1, bottom + 1);
    }

    private static (int Height, int Width) SizeOf(Shape shape) => shape.Rank == 4 ? (shape[2], shape[3]) : (1, 1);

    private static FieldAxis Through(Node node, FieldAxis[] inputs, int length, Func<Size2, int> along, (int Height, int Width) read)
    {
        return node.Layer switch
        {
            Conv2d conv => Slide(conv.Window),
            MaxPool2d pool => Slide(pool.Window),
            AdaptiveMaxPool2d pool => Slide(pool.At(read.Height, read.Width).Window),
            IPixelLayer pixels => inputs[0].Taken(Sources(pixels.At(read.Height, read.Width))),
            AvgPool2d pool => Slide(pool.Window),
            AdaptiveAvgPool2d => inputs[0].Averaged(length),
            Flatten => inputs[0].Joined(),
            GroupNorm => inputs[0].With(inputs[0].Joined()),
            ReLU or Activation or PReLU or Dropout or Identity or Linear or Softmax or Add or Extremum or Concat or Multiply or ChannelAffine or LayerNorm
                or ChannelSlice or ChannelShuffle => inputs.Aggregate((a, b) => a.With(b)),
            _ => throw new ModelException(
            $"layer '{node.Name}' ({node.Layer.Kind}): it is not known which positions of its input it reads"),
        };

        int[] Sources(PixelMap map) => along(new Size2(0, 1)) == 0 ? map.Rows : map.Columns;

        FieldAxis Slide(Window window)
        {
            Window w = window.At(read.Height, read.Width);
            return inputs[0].Through(along(w.Kernel), along(w.Stride), along(w.Padding), along(w.Dilation), length);
        }
    }
}
