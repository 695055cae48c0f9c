using System.Collections.Immutable;

namespace Interp.Weights.Formats;

/// <summary>
/// Where a tensor lies in a file: element <c>(i₀,i₁,…)</c> is at byte <c>Position + Size·Σ iₖ·Strides[k]</c>.
/// </summary>
/// <param name="Name">The tensor's name.</param>
/// <param name="Type">How its elements are encoded.</param>
/// <param name="Position">The file position of its first element.</param>
/// <param name="Shape">Its sizes, outermost first.</param>
/// <param name="Strides">Distance of neighbours along each axis, in elements; 0 repeats the same element.</param>
internal sealed record StoredTensor(string Name, ElementType Type, long Position, ImmutableArray<long> Shape, ImmutableArray<long> Strides)
{
    /// <summary>The largest number of axes that is accepted.</summary>
    public const int MaxRank = 16;

    /// <summary>Whether row-major order is the order in the file, without gaps.</summary>
    public bool IsDense { get; } = InRowMajorOrder(Shape, Strides);

    /// <summary>Number of elements of a shape, or null if a size is negative or the number does not fit in 63 bits.</summary>
    public static long? CountOf(ReadOnlySpan<long> shape)
    {
        long count = 1;
        bool empty = false;
        foreach (long size in shape)
        {
            if (size < 0)
            {
                return null;
            }

            empty |= size == 0;
            if (size > 0 && count > long.MaxValue / size)
            {
                return null;
            }

            count *= Math.Max(1, size);
        }

        return empty ? 0 : count;
    }

    /// <summary>The strides of a dense row-major tensor. The shape's elements can be counted.</summary>
    public static ImmutableArray<long> RowMajor(ImmutableArray<long> shape)
    {
        var strides = new long[shape.Length];
        long stride = 1;
        for (int axis = shape.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= Math.Max(1, shape[axis]);
        }

        return [.. strides];
    }

    /// <summary>
    /// The number of elements from the first to the one farthest from it, both included: <c>1 + Σ (Shape[k]−1)·Strides[k]</c>, 0 for an
    /// empty tensor; null if it does not fit in 63 bits or a stride is negative. The shape's elements can be counted.
    /// </summary>
    public static long? SpanOf(ReadOnlySpan<long> shape, ReadOnlySpan<long> strides)
    {
        Int128 span = 1;
        for (int axis = 0; axis < shape.Length; axis++)
        {
            if (strides[axis] < 0)
            {
                return null;
            }

            span += (Int128)(shape[axis] - 1) * strides[axis];
        }

        return CountOf(shape) == 0 ? 0 : span <= long.MaxValue ? (long)span : null;
    }

    private static bool InRowMajorOrder(ImmutableArray<long> shape, ImmutableArray<long> strides)
    {
        ImmutableArray<long> dense = RowMajor(shape);
        for (int axis = 0; axis < shape.Length; axis++)
        {
            if (shape[axis] > 1 && strides[axis] != dense[axis])
            {
                return false;
            }
        }

        return true;
    }
}
