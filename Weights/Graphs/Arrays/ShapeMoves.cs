using System.Collections.Immutable;
using Interp.Engine.Common;

namespace Interp.Weights.Graphs.Arrays;

/// <summary>Movements that give an array other axes, or its axes another order.</summary>
internal static class ShapeMoves
{
    internal static Placement[] Identity(MoveArguments x) => [new SamePlacement(x.Shape)];

    /// <summary>0 keeps a size (with <c>allowzero</c>: is zero), −1 is what is left.</summary>
    internal static Placement[] Reshape(MoveArguments x)
    {
        long[] wanted = x.Whole(1);
        bool allowZero = x.Attributes.Int("allowzero", 0) != 0;
        var shape = new int[wanted.Length];
        int open = -1;
        for (int axis = 0; axis < wanted.Length; axis++)
        {
            if (wanted[axis] == -1)
            {
                open = open < 0 ? axis : throw new ModelException($"two sizes of -1 in the shape [{string.Join(',', wanted)}]");
                shape[axis] = 1;
            }
            else if (wanted[axis] == 0 && !allowZero)
            {
                shape[axis] = axis < x.Shape.Length ? x.Shape[axis]
                    : throw new ModelException($"size 0 at axis {axis}, which {Sizes.Show(x.Shape.AsSpan())} does not have");
            }
            else
            {
                shape[axis] = Sizes.Size(wanted[axis]);
            }
        }

        long count = Sizes.Count(x.Shape.AsSpan());
        long known = Sizes.Count(shape);
        if (open >= 0)
        {
            shape[open] = known == 0 || count % known != 0 ? throw Unequal(x.Shape, wanted) : Sizes.Size(count / known);
        }
        else if (known != count)
        {
            throw Unequal(x.Shape, wanted);
        }

        return [new SamePlacement([.. shape])];
    }

    /// <summary>Axis k of the result is axis <c>perm[k]</c>; all in reverse where it is not given.</summary>
    internal static Placement[] Transpose(MoveArguments x)
    {
        int rank = x.Shape.Length;
        ImmutableArray<long> order = x.Attributes.Ints("perm") ?? [.. Enumerable.Range(0, rank).Select(k => (long)(rank - 1 - k))];
        if (order.Length != rank || !order.Order().SequenceEqual(Enumerable.Range(0, rank).Select(k => (long)k)))
        {
            throw new ModelException($"perm [{string.Join(',', order)}] is no order of the axes of {Sizes.Show(x.Shape.AsSpan())}");
        }

        long[] strides = Sizes.Strides(x.Shape.AsSpan());
        return [new StridedPlacement([.. order.Select(k => x.Shape[(int)k])], 0, [.. order.Select(k => strides[k])])];
    }

    /// <summary>Two axes: all before <c>axis</c>, and all from it on.</summary>
    internal static Placement[] Flatten(MoveArguments x)
    {
        int rank = x.Shape.Length;
        long given = x.Attributes.Int("axis", 1);
        int axis = given == rank ? rank : Sizes.Axis(given, rank);
        return [Same([Product(x.Shape[..axis]), Product(x.Shape[axis..])])];
    }

    /// <summary>Without the axes of size 1: those of input 1, or all.</summary>
    internal static Placement[] Squeeze(MoveArguments x)
    {
        int rank = x.Shape.Length;
        int[] axes = x.OptionalWhole(1) is { } given ? [.. given.Select(a => Sizes.Axis(a, rank))]
            : [.. Enumerable.Range(0, rank).Where(k => x.Shape[k] == 1)];
        return axes.All(k => x.Shape[k] == 1) ? [Same([.. x.Shape.Where((_, k) => !axes.Contains(k))])]
            : throw new ModelException($"axes [{string.Join(',', axes)}] of {Sizes.Show(x.Shape.AsSpan())} are not all of size 1");
    }

    /// <summary>With new axes of size 1, which stand at those places of the result that input 1 says.</summary>
    internal static Placement[] Unsqueeze(MoveArguments x)
    {
        long[] given = x.Whole(1);
        int rank = x.Shape.Length + given.Length;
        var axes = new HashSet<int>(given.Select(a => Sizes.Axis(a, rank)));
        if (axes.Count < given.Length)
        {
            throw new ModelException($"axes [{string.Join(',', given)}] name one twice");
        }

        var old = new Queue<int>(x.Shape);
        return [Same([.. Enumerable.Range(0, rank).Select(k => axes.Contains(k) ? 1 : old.Dequeue())])];
    }

    /// <summary>Squares of <c>blocksize²</c> channels become pixels; in mode DCR the channels of one pixel lie together.</summary>
    internal static Placement[] DepthToSpace(MoveArguments x)
    {
        int b = BlockSize(x);
        bool crd = x.Attributes.String("mode", "DCR") switch
        {
            "DCR" => false,
            "CRD" => true,
            string mode => throw new ModelException($"mode '{Text.OneLine(mode)}', expected DCR or CRD"),
        };
        int n = x.Shape[0], c = x.Shape[1], h = x.Shape[2], w = x.Shape[3];
        if (c % (b * b) != 0)
        {
            throw new ModelException($"{c} channels cannot be divided by blocksize² = {b * b}");
        }

        int few = c / (b * b);
        ImmutableArray<int> shape = [n, few, Sizes.Size((long)h * b), Sizes.Size((long)w * b)];
        return [Permuted(shape, crd ? [n, few, b, b, h, w] : [n, b, b, few, h, w], crd ? [0, 1, 4, 2, 5, 3] : [0, 3, 4, 1, 5, 2])];
    }

    /// <summary>Squares of <c>blocksize²</c> pixels become channels.</summary>
    internal static Placement[] SpaceToDepth(MoveArguments x)
    {
        int b = BlockSize(x);
        int n = x.Shape[0], c = x.Shape[1], h = x.Shape[2], w = x.Shape[3];
        if (h % b != 0 || w % b != 0)
        {
            throw new ModelException($"{h}x{w} pixels cannot be divided by blocksize {b}");
        }

        ImmutableArray<int> shape = [n, Sizes.Size((long)c * b * b), h / b, w / b];
        return [Permuted(shape, [n, c, h / b, b, w / b, b], [0, 3, 5, 1, 2, 4])];
    }

    private static int BlockSize(MoveArguments x)
    {
        long size = x.Attributes.Int("blocksize", 0);
        return x.Shape.Length != 4 ? throw new ModelException($"an input of shape {Sizes.Show(x.Shape.AsSpan())}, expected four axes")
            : size is >= 1 and < 1 << 15 ? (int)size : throw new ModelException($"blocksize {size}, expected 1 to {(1 << 15) - 1}");
    }

    private static StridedPlacement Permuted(ImmutableArray<int> shape, int[] seen, int[] order)
    {
        long[] strides = Sizes.Strides(seen);
        return new StridedPlacement(shape, [.. order.Select(k => seen[k])], 0, [.. order.Select(k => strides[k])]);
    }

    private static SamePlacement Same(ImmutableArray<int> shape) => new(shape);

    private static int Product(ImmutableArray<int> sizes) => Sizes.Size(Sizes.Count(sizes.AsSpan()));

    private static ModelException Unequal(ImmutableArray<int> shape, long[] wanted) =>
        new($"{Sizes.Show(shape.AsSpan())} cannot have the shape [{string.Join(',', wanted)}]");
}
