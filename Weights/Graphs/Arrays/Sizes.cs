using System.Collections.Immutable;
using Interp.Engine.Common;

namespace Interp.Weights.Graphs.Arrays;

/// <summary>Arithmetic on shapes.</summary>
internal static class Sizes
{
    /// <summary>The most axes of an array.</summary>
    internal const int MaxRank = 8;

    /// <summary>Number of elements; a shape whose elements cannot be counted is refused.</summary>
    /// <exception cref="ModelException">They are too many.</exception>
    internal static long Count(ReadOnlySpan<int> shape)
    {
        long count = 1;
        foreach (int size in shape)
        {
            count = size == 0 || count == 0 ? 0 : count > long.MaxValue / size ? throw TooLarge(shape, long.MaxValue) : count * size;
        }

        return count;
    }

    /// <summary>A shape has at most 8 axes and so many elements.</summary>
    /// <exception cref="ModelException">It has more.</exception>
    internal static void Require(ReadOnlySpan<int> shape, long limit)
    {
        if (shape.Length > MaxRank)
        {
            throw new ModelException($"a result of {shape.Length} axes, expected at most {MaxRank}");
        }

        if (Count(shape) > limit)
        {
            throw TooLarge(shape, limit);
        }
    }

    /// <summary>A size from a file as a size of an array.</summary>
    /// <exception cref="ModelException">It is negative or too large.</exception>
    internal static int Size(long size) => size is >= 0 and <= int.MaxValue ? (int)size
        : throw new ModelException($"a size of {size}, expected 0 to {int.MaxValue}");

    /// <summary>An axis counted from the end, where it is negative.</summary>
    /// <exception cref="ModelException">There is no such axis.</exception>
    internal static int Axis(long axis, int rank) => axis >= -rank && axis < rank ? (int)(axis < 0 ? axis + rank : axis)
        : throw new ModelException($"axis {axis} of an array of {rank} axes");

    /// <summary>Strides of row-major order, in elements. The shape's elements can be counted.</summary>
    internal static long[] Strides(ReadOnlySpan<int> shape)
    {
        var strides = new long[shape.Length];
        long stride = 1;
        for (int axis = shape.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= Math.Max(1, shape[axis]);
        }

        return strides;
    }

    /// <summary>The shape of two arrays that are repeated to each other's sizes: axes are counted from the last, and 1 gives way.</summary>
    /// <exception cref="ModelException">They do not fit.</exception>
    internal static ImmutableArray<int> Broadcast(ImmutableArray<int> a, ImmutableArray<int> b)
    {
        var shape = new int[Math.Max(a.Length, b.Length)];
        for (int axis = 1; axis <= shape.Length; axis++)
        {
            int x = axis <= a.Length ? a[^axis] : 1;
            int y = axis <= b.Length ? b[^axis] : 1;
            shape[^axis] = x == y || y == 1 ? x : x == 1 ? y
                : throw new ModelException($"shapes {Show(a.AsSpan())} and {Show(b.AsSpan())} do not fit each other");
        }

        return [.. shape];
    }

    /// <summary>A shape, for messages: <c>[2,3]</c>.</summary>
    internal static string Show(ReadOnlySpan<int> shape) => $"[{string.Join(',', shape.ToArray())}]";

    private static ModelException TooLarge(ReadOnlySpan<int> shape, long limit) =>
        new($"a result of shape {Show(shape)} is too large, expected at most {limit} elements");
}
