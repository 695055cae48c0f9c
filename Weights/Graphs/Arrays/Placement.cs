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

/// <summary>Element (i₀,i₁,…) of the result, seen in the shape <c>walk</c>, is element <c>start + Σ iₖ·strides[k]</c> of the first
/// input.</summary>
internal sealed class StridedPlacement(ImmutableArray<int> shape, ImmutableArray<int> walk, long start, long[] strides) : Placement(shape)
{
    /// <summary>One whose walk is the shape of its result.</summary>
    internal StridedPlacement(ImmutableArray<int> shape, long start, long[] strides)
        : this(shape, shape, start, strides)
    {
    }

    /// <summary>No element at all.</summary>
    internal static Placement Empty(ImmutableArray<int> shape) => new StridedPlacement(shape, 0, new long[shape.Length]);

    /// <summary>The same without an axis of size 1.</summary>
    internal Placement Without(int axis) => new StridedPlacement(Shape.RemoveAt(axis), walk, start, strides);

    /// <summary>The first input repeated along axes of size 1, and along new axes before its first.</summary>
    internal static Placement Broadcast(ImmutableArray<int> from, ImmutableArray<int> to)
    {
        long[] own = Sizes.Strides(from.AsSpan());
        int added = to.Length - from.Length;
        long[] strides = [.. to.Select((_, k) => k < added || from[k - added] == 1 ? 0 : own[k - added])];
        return from.SequenceEqual(to) ? new SamePlacement(to) : new StridedPlacement(to, 0, strides);
    }

    /// <summary>Whether the result is a piece of the input without gaps; it starts at <see cref="Start"/>.</summary>
    internal bool IsPiece
    {
        get
        {
            long[] dense = Sizes.Strides(walk.AsSpan());
            return !walk.Where((size, k) => size > 1 && strides[k] != dense[k]).Any();
        }
    }

    /// <summary>The element of the input that comes first.</summary>
    internal long Start => start;

    internal override T[] Apply<T>(IReadOnlyList<T[]?> inputs, T fill)
    {
        var result = new T[Sizes.Count(Shape.AsSpan())];
        Fill(inputs[0]!, 0, result);
        return result;
    }

    /// <summary>Moves so many elements of the result, from one on.</summary>
    internal void Fill<T>(ReadOnlySpan<T> source, long first, Span<T> into)
    {
        var index = new int[walk.Length];
        long from = start;
        for (int axis = walk.Length - 1; axis >= 0 && walk[axis] > 0; axis--)
        {
            (first, long at) = Math.DivRem(first, walk[axis]);
            index[axis] = (int)at;
            from += at * strides[axis];
        }

        int last = walk.Length - 1;
        while (!into.IsEmpty)
        {
            int run = last < 0 ? 1 : Math.Min(into.Length, walk[last] - index[last]);
            long step = last < 0 ? 0 : strides[last];
            for (int i = 0; i < run; i++)
            {
                into[i] = source[(int)(from + (i * step))];
            }

            into = into[run..];
            from += run * step;
            if (last >= 0)
            {
                index[last] += run;
            }

            for (int axis = last; axis >= 0 && index[axis] == walk[axis]; axis--)
            {
                from -= strides[axis] * walk[axis];
                index[axis] = 0;
                if (axis > 0)
                {
                    index[axis - 1]++;
                    from += strides[axis - 1];
                }
            }
        }
    }
}

/// <summary>Element (i₀,i₁,…) of the result, seen in the shape of the tables, is element <c>Σ tables[k][iₖ]</c> of the first input; none
/// where an entry is negative.</summary>
internal sealed class TablePlacement(ImmutableArray<int> shape, long[][] tables) : Placement(shape)
{
    internal override T[] Apply<T>(IReadOnlyList<T[]?> inputs, T fill)
    {
        T[] source = inputs[0]!;
        var result = new T[Sizes.Count(Shape.AsSpan())];
        if (result.Length > 0)
        {
            Walk(0, 0, result, source, fill);
        }

        return result;
    }

    private void Walk<T>(int axis, long from, Span<T> into, T[] source, T fill)
    {
        if (axis == tables.Length)
        {
            into[0] = source[from];
            return;
        }

        long[] table = tables[axis];
        int part = into.Length / table.Length;
        bool last = axis == tables.Length - 1;
        for (int i = 0; i < table.Length; i++)
        {
            Span<T> piece = into.Slice(i * part, part);
            if (table[i] < 0)
            {
                piece.Fill(fill);
            }
            else if (last)
            {
                piece[0] = source[from + table[i]];
            }
            else
            {
                Walk(axis + 1, from + table[i], piece, source, fill);
            }
        }
    }
}

/// <summary>Runs of so many elements of the first input, each from a place of its own on; none where a place is negative.</summary>
internal sealed class RunPlacement(ImmutableArray<int> shape, int[] places, int run) : Placement(shape)
{
    internal override T[] Apply<T>(IReadOnlyList<T[]?> inputs, T fill)
    {
        T[] source = inputs[0]!;
        var result = new T[Sizes.Count(Shape.AsSpan())];
        for (int k = 0; k < places.Length && result.Length > 0; k++)
        {
            Span<T> into = result.AsSpan(k * run, run);
            if (places[k] < 0)
            {
                into.Fill(fill);
            }
            else
            {
                source.AsSpan(places[k], run).CopyTo(into);
            }
        }

        return result;
    }
}

/// <summary>The inputs one after the other: from each in turn so many elements, until there are none left.</summary>
internal sealed class JoinedPlacement(ImmutableArray<int> shape, int[] runs) : Placement(shape)
{
    /// <summary>Elements of each input that follow one another in the result.</summary>
    internal IReadOnlyList<int> Runs => runs;

    internal override T[] Apply<T>(IReadOnlyList<T[]?> inputs, T fill)
    {
        var result = new T[Sizes.Count(Shape.AsSpan())];
        int to = 0;
        for (int turn = 0; to < result.Length; turn++)
        {
            for (int k = 0; k < runs.Length; k++)
            {
                inputs[k].AsSpan(turn * runs[k], runs[k]).CopyTo(result.AsSpan(to));
                to += runs[k];
            }
        }

        return result;
    }
}

/// <summary>Each element from one of the inputs 1 and 2, both repeated to the shape of the result.</summary>
internal sealed class ChosenPlacement(ImmutableArray<int> shape, bool[] first, Placement one, Placement other) : Placement(shape)
{
    internal override T[] Apply<T>(IReadOnlyList<T[]?> inputs, T fill)
    {
        T[] x = one.Apply([inputs[1]], fill);
        T[] y = other.Apply([inputs[2]], fill);
        return [.. first.Select((isFirst, i) => isFirst ? x[i] : y[i])];
    }
}
