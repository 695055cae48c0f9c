using System.Collections.Immutable;

namespace Interp.Weights.Graphs.Arrays;

/// <summary>Where the elements of a movement's result come from.</summary>
/// <param name="shape">Shape of the result.</param>
internal abstract class Placement(ImmutableArray<int> shape)
{
    /// <summary>Shape of the result.</summary>
    internal ImmutableArray<int> Shape => shape;

    /// <summary>Moves the elements.</summary>
    /// <param name="inputs">The values of the node's inputs; only those that are moved are read.</param>
    /// <param name="fill">What stands where no element comes to.</param>
    internal abstract T[] Apply<T>(IReadOnlyList<T[]?> inputs, T fill);
}

/// <summary>The elements in the same order; the result shares them with the input.</summary>
internal sealed class SamePlacement(ImmutableArray<int> shape) : Placement(shape)
{
    internal override T[] Apply<T>(IReadOnlyList<T[]?> inputs, T fill) => inputs[0]!;
}

/// <summary>Element (i₀,i₁,…) of the result is element <c>start + Σ iₖ·strides[k]</c> of the first input.</summary>
internal sealed class StridedPlacement(ImmutableArray<int> shape, long start, long[] strides) : Placement(shape)
{
    internal override T[] Apply<T>(IReadOnlyList<T[]?> inputs, T fill)
    {
        T[] source = inputs[0]!;
        var result = new T[Sizes.Count(Shape.AsSpan())];
        if (result.Length == 0)
        {
            return result;
        }

        int last = Shape.Length - 1;
        var index = new int[Shape.Length];
        int run = last < 0 ? 1 : Shape[last];
        long step = last < 0 ? 0 : strides[last];
        long from = start;
        for (int to = 0; to < result.Length; to += run)
        {
            for (int i = 0; i < run; i++)
            {
                result[to + i] = source[from + (i * step)];
            }

            for (int axis = last - 1; axis >= 0; axis--)
            {
                from += strides[axis];
                if (++index[axis] < Shape[axis])
                {
                    break;
                }

                from -= strides[axis] * Shape[axis];
                index[axis] = 0;
            }
        }

        return result;
    }
}
