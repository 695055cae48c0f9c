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
                    : throw new ModelException($"size 0 at axis {axis}, which the input of shape {Sizes.Show(x.Shape.AsSpan())} does not have");
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

    private static ModelException Unequal(ImmutableArray<int> shape, long[] wanted) =>
        new($"{Sizes.Show(shape.AsSpan())} cannot have the shape [{string.Join(',', wanted)}]");
}
