using System.Collections.Immutable;
using Interp.Engine.Common;

namespace Interp.Weights.Graphs.Arrays;

/// <summary>Movements that choose elements by their indices, which count from the end where they are negative.</summary>
internal static class GatherMoves
{
    /// <summary>Slices of an axis; the axes of the indices stand in its place.</summary>
    internal static Placement[] Gather(MoveArguments x)
    {
        int axis = Sizes.Axis(x.Attributes.Int("axis", 0), x.Shape.Length);
        Block<double> indices = x.Constant(1);
        x.Checked([.. x.Shape[..axis], .. indices.Shape, .. x.Shape[(axis + 1)..]]);
        return [Along(x.Shape, axis, [.. indices.Values.Select(i => (long)Index(i, x.Shape[axis]))], indices.Shape)];
    }

    /// <summary>For each index one element: the one at its own place, but for the axis, along which it lies where the index says.</summary>
    internal static Placement[] GatherElements(MoveArguments x)
    {
        int axis = Sizes.Axis(x.Attributes.Int("axis", 0), x.Shape.Length);
        Block<double> indices = x.Constant(1);
        if (indices.Rank != x.Shape.Length || indices.Shape.Where((size, k) => k != axis && size > x.Shape[k]).Any())
        {
            throw new ModelException($"indices of shape {Sizes.Show(indices.Shape.AsSpan())} for {Sizes.Show(x.Shape.AsSpan())}");
        }

        return [new RunPlacement(indices.Shape, Places(x.Shape, axis, indices), 1)];
    }

    /// <summary>Slices whose indices along the first axes (after <c>batch_dims</c>, which both have) lie along the indices' last axis.
    /// </summary>
    internal static Placement[] GatherNd(MoveArguments x)
    {
        Block<double> indices = x.Constant(1);
        int batch = Sizes.Size(x.Attributes.Int("batch_dims", 0));
        if (indices.Rank < 1 || batch >= indices.Rank || batch + (long)indices.Shape[^1] > x.Shape.Length
            || !indices.Shape[..batch].SequenceEqual(x.Shape[..batch]))
        {
            throw new ModelException($"indices of shape {Sizes.Show(indices.Shape.AsSpan())} for {Sizes.Show(x.Shape.AsSpan())}, "
                + $"batch_dims {batch}");
        }

        int depth = indices.Shape[^1];
        long[] strides = Sizes.Strides(x.Shape.AsSpan());
        ImmutableArray<int> shape = x.Checked([.. indices.Shape[..^1], .. x.Shape[(batch + depth)..]]);
        int count = (int)Sizes.Count(indices.Shape.AsSpan()[..^1]);
        int perBatch = count / Math.Max(1, (int)Sizes.Count(x.Shape.AsSpan()[..batch]));
        long batchSize = Sizes.Count(x.Shape.AsSpan()[batch..]);
        var places = new int[count];
        for (int k = 0; k < count; k++)
        {
            long place = k / Math.Max(1, perBatch) * batchSize;
            for (int a = 0; a < depth; a++)
            {
                place += Index(indices.Values[(k * depth) + a], x.Shape[batch + a]) * strides[batch + a];
            }

            places[k] = (int)place;
        }

        return [new RunPlacement(shape, places, (int)Sizes.Count(x.Shape.AsSpan()[(batch + depth)..]))];
    }

    /// <summary>Slices of an axis, whose place is taken by the axes of a shape; −1 for a slice that comes from nowhere.</summary>
    internal static Placement Along(ImmutableArray<int> shape, int axis, long[] chosen, ImmutableArray<int> axes)
    {
        int run = Sizes.Size(Sizes.Count(shape.AsSpan()[(axis + 1)..]));
        int before = Sizes.Size(Sizes.Count(shape.AsSpan()[..axis]));
        ImmutableArray<int> result = [.. shape[..axis], .. axes, .. shape[(axis + 1)..]];
        return run == 0 || before == 0 ? StridedPlacement.Empty(result) : new TablePlacement(result, [
            Table(before, shape[axis] * (long)run), [.. chosen.Select(c => c < 0 ? -1 : c * run)], Table(run, 1)]);
    }

    /// <summary>For each index the place of the element of an array that lies at the index's own place, but for the axis, along which it
    /// lies where the index says.</summary>
    /// <exception cref="ModelException">There is no such element.</exception>
    internal static int[] Places(ImmutableArray<int> shape, int axis, Block<double> indices)
    {
        long[] strides = Sizes.Strides(shape.AsSpan());
        int[] places = new int[indices.Values.Length];
        var walk = new Odometer(indices.Shape);
        for (int k = 0; k < places.Length; k++, walk.Next())
        {
            long place = Index(indices.Values[k], shape[axis]) * strides[axis];
            for (int a = 0; a < strides.Length; a++)
            {
                place += a == axis ? 0 : walk.Index[a] * strides[a];
            }

            places[k] = (int)place;
        }

        return places;
    }

    /// <summary>An index within an axis of a size.</summary>
    /// <exception cref="ModelException">There is no such element.</exception>
    internal static int Index(double value, int size)
    {
        long index = Numbers.Whole(value);
        return index >= -size && index < size ? (int)(index < 0 ? index + size : index)
            : throw new ModelException($"index {index} of an axis of size {size}");
    }

    private static long[] Table(int size, long stride) => [.. Enumerable.Range(0, size).Select(k => k * stride)];
}
