using System.Collections.Immutable;
using Interp.Engine.Tensors;
using Interp.Weights.Graphs.Arrays;

namespace Interp.Weights.Lowering.Values;

/// <summary>
/// Where the elements of a value of the graph lie: at every place of its shape stands one element of one image of a node's value, or
/// nothing, which is zero. Element e of image b has the number b·P + e, with P the elements of an image. Movements act on these numbers,
/// so that every question on a layout (which channel is this, are the images apart, is this a permutation) is asked of them. Two layouts
/// need no numbers, and make them only when they are asked for, each time anew: the elements in their own order, and the axes of
/// <c>[N,C,H,W]</c> in another one.
/// </summary>
internal sealed class Layout
{
    private readonly ImmutableArray<int>? _order;
    private readonly int[]? _places;

    private Layout(Shape node, int batch, ImmutableArray<int> shape, ImmutableArray<int>? order, int[]? places)
    {
        (Node, Batch, Shape, _order, _places) = (node, batch, shape, order, places);
        IsStraight = order is null && places is null;
    }

    /// <summary>Shape of the node's value for one image: <c>[1,C,H,W]</c> or <c>[1,F]</c>.</summary>
    internal Shape Node { get; }

    /// <summary>Number of images.</summary>
    internal int Batch { get; }

    /// <summary>Shape of the graph's value.</summary>
    internal ImmutableArray<int> Shape { get; }

    /// <summary>Whether all elements stand in their own order, whatever the shape.</summary>
    internal bool IsStraight { get; }

    /// <summary>Whether it is the node's value just as it is: <c>[N,C,H,W]</c>, or <c>[N,F]</c>.</summary>
    internal bool IsPlain => IsStraight && Shape.AsSpan().SequenceEqual(Node.WithBatch(Batch).Dims.AsSpan());

    /// <summary>P, the elements of an image.</summary>
    internal int PerImage => (int)Node.Count;

    /// <summary>Channels, or features.</summary>
    internal int Channels => Node[1];

    /// <summary>Elements of a channel of an image.</summary>
    internal int Pixels => PerImage / Channels;

    /// <summary>Number of places.</summary>
    internal int Count => _places?.Length ?? Batch * PerImage;

    /// <summary>The number of the element at each place in row-major order, −1 for zero.</summary>
    internal int[] Places => _places ?? (_order is { } order ? Ordered(order) : Straight());

    /// <summary>Whether every element of every image stands at exactly one place.</summary>
    internal bool IsComplete => _order is not null || IsStraight || HasAll(Places);

    /// <summary>Whether it has the node's shape, and all of its elements, but in another order.</summary>
    internal bool IsShuffled => _order is null && !IsStraight && Shape.AsSpan().SequenceEqual(Node.WithBatch(Batch).Dims.AsSpan())
        && HasAll(Places);

    /// <summary>Whether nothing stands at some place.</summary>
    internal bool HasZeros => _order is null && !IsStraight && Places.AsSpan().Contains(-1);

    /// <summary>The elements in their own order.</summary>
    internal static Layout Straight(Shape node, int batch, ImmutableArray<int> shape) => new(node, batch, shape, null, null);

    /// <summary>The node's value as it is.</summary>
    internal static Layout Plain(Shape node, int batch) => Straight(node, batch, node.WithBatch(batch).Dims);

    /// <summary>The axes of <c>[N,C,H,W]</c> in another order: axis k is axis <c>order[k]</c>.</summary>
    internal static Layout InOrder(Shape node, int batch, ImmutableArray<int> order)
    {
        Shape whole = node.WithBatch(batch);
        ImmutableArray<int> shape = [.. order.Select(axis => whole[axis])];
        int[] moved = [.. order.Where(axis => whole[axis] != 1)];
        return new(node, batch, shape, moved.SequenceEqual(moved.Order()) ? null : order, null);
    }

    /// <summary>The elements at the given places.</summary>
    internal static Layout At(Shape node, int batch, ImmutableArray<int> shape, int[] places)
    {
        bool straight = places.Length == batch * node.Count;
        for (int i = 0; straight && i < places.Length; i++)
        {
            straight = places[i] == i;
        }

        return new(node, batch, shape, null, straight ? null : places);
    }

    /// <summary>The axis along which the channels run, where all others run along images and pixels in their order or another; null where
    /// this is not so simple.</summary>
    internal int? ChannelAxis => _order is { } order ? order.IndexOf(1)
        : IsStraight && Shape.Length >= 2 && Shape[0] == Batch && Shape[1] == Channels ? 1
        : null;

    /// <summary>Whether two values have the same element at each place, so that what is done to one element after another can be done
    /// to the nodes' values.</summary>
    internal bool IsLike(Layout other) => ReferenceEquals(this, other)
        || (Node == other.Node && Batch == other.Batch && Shape.AsSpan().SequenceEqual(other.Shape.AsSpan())
            && (IsStraight || other.IsStraight ? IsStraight == other.IsStraight
                : _order is { } mine && other._order is { } its ? mine.AsSpan().SequenceEqual(its.AsSpan())
                : Places.AsSpan().SequenceEqual(other.Places)));

    /// <summary>The same elements of <c>[1,F,1,1]</c> instead of <c>[1,F]</c>, or the other way round.</summary>
    internal Layout For(Shape node) => new(node, Batch, Shape, null, IsStraight ? null : Places);

    /// <summary>The same order of elements under another shape.</summary>
    internal Layout Reshaped(ImmutableArray<int> shape) => IsStraight ? new(Node, Batch, shape, null, null)
        : shape.AsSpan().SequenceEqual(Shape.AsSpan()) ? this
        : new(Node, Batch, shape, null, Places);

    /// <summary>After a movement.</summary>
    internal Layout Moved(Placement placement) => placement is SamePlacement
        ? Reshaped(placement.Shape)
        : At(Node, Batch, placement.Shape, placement.Apply([Places], -1));

    /// <summary>With the axes in another order.</summary>
    internal Layout Transposed(ImmutableArray<int> axes, Placement placement) =>
        _order is { } order ? InOrder(Node, Batch, [.. axes.Select(a => order[a])])
        : IsPlain && Node.Rank == 4 ? InOrder(Node, Batch, axes)
        : Moved(placement);

    /// <summary>
    /// The layout of a value that is computed pixel by pixel from this one's last axis, if that runs along all channels and everything
    /// else along images and pixels: the same with another number of channels; null where it is not so.
    /// </summary>
    internal Layout? PerPixel(Shape node)
    {
        if (Shape.Length < 2 || Shape[^1] != Channels)
        {
            return null;
        }

        ImmutableArray<int> shape = [.. Shape.AsSpan(0, Shape.Length - 1), node[1]];
        if (_order is { } order)
        {
            return order[^1] == 1 ? InOrder(node, Batch, order) : null;
        }

        return Pixels == 1 && IsStraight ? Straight(node, Batch, shape)
            : Rows() is { } rows ? At(node, Batch, shape, Spread(rows, node))
            : null;
    }

    /// <summary>The place of channel 0 of the pixel that each row along the last axis is; null where rows are no pixels.</summary>
    private int[]? Rows()
    {
        int channels = Channels, pixels = Pixels, rows = Count / channels;
        int[] places = Places;
        var first = new int[rows];
        for (int r = 0; r < rows; r++)
        {
            ReadOnlySpan<int> row = places.AsSpan(r * channels, channels);
            first[r] = row[0];
            if (row[0] < 0 || row[0] % PerImage >= pixels)
            {
                return null;
            }

            for (int c = 1; c < channels; c++)
            {
                if (row[c] != row[0] + c * pixels)
                {
                    return null;
                }
            }
        }

        return first;
    }

    /// <summary>The places of another number of channels for the same pixels.</summary>
    private int[] Spread(int[] rows, Shape node)
    {
        int channels = node[1], perImage = (int)node.Count;
        var places = new int[rows.Length * channels];
        for (int r = 0; r < rows.Length; r++)
        {
            int first = rows[r] / PerImage * perImage + rows[r] % PerImage;
            for (int c = 0; c < channels; c++)
            {
                places[r * channels + c] = first + c * Pixels;
            }
        }

        return places;
    }

    private int[] Straight() => [.. Enumerable.Range(0, Batch * PerImage)];

    private int[] Ordered(ImmutableArray<int> order)
    {
        Shape whole = Node.WithBatch(Batch);
        long[] strides = Sizes.Strides(whole.Dims.AsSpan());
        return new StridedPlacement(Shape, 0, [.. order.Select(axis => strides[axis])]).Apply<int>([Straight()], -1);
    }

    private bool HasAll(int[] places)
    {
        if (places.Length != Batch * PerImage)
        {
            return false;
        }

        var seen = new bool[places.Length];
        foreach (int place in places)
        {
            if (place < 0 || seen[place])
            {
                return false;
            }

            seen[place] = true;
        }

        return true;
    }
}
