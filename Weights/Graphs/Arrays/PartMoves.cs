using System.Collections.Immutable;
using Interp.Engine.Common;

namespace Interp.Weights.Graphs.Arrays;

/// <summary>Movements that take arrays apart and put them together.</summary>
internal static class PartMoves
{
    private const int MaxPieces = 4096;

    /// <summary>Elements <c>start, start+step, …</c> before <c>end</c> of some axes; what lies outside is cut off.</summary>
    internal static Placement[] Slice(MoveArguments x)
    {
        long[] starts = x.Whole(1), ends = x.Whole(2);
        long[] axes = x.OptionalWhole(3) ?? [.. Enumerable.Range(0, starts.Length).Select(k => (long)k)];
        long[] steps = x.OptionalWhole(4) ?? [.. starts.Select(_ => 1L)];
        if (ends.Length != starts.Length || axes.Length != starts.Length || steps.Length != starts.Length)
        {
            throw new ModelException($"{starts.Length} starts, {ends.Length} ends, {axes.Length} axes and {steps.Length} steps");
        }

        int[] shape = [.. x.Shape];
        long[] strides = Sizes.Strides(shape);
        long first = 0;
        var seen = new HashSet<int>();
        for (int k = 0; k < starts.Length; k++)
        {
            int axis = Sizes.Axis(axes[k], shape.Length);
            if (!seen.Add(axis))
            {
                throw new ModelException($"axes [{string.Join(',', axes)}] name one twice");
            }

            (long start, long step, shape[axis]) = Range(starts[k], ends[k], steps[k], shape[axis]);
            first += start * strides[axis];
            strides[axis] *= step;
        }

        return [new StridedPlacement([.. shape], first, strides)];
    }

    /// <summary>Pieces along an axis: of the sizes of input 1, or <c>num_outputs</c> equal ones of which the last may be smaller.</summary>
    internal static Placement[] Split(MoveArguments x)
    {
        int axis = Sizes.Axis(x.Attributes.Int("axis", 0), x.Shape.Length);
        int size = x.Shape[axis];
        bool counted = x.Attributes.Has("num_outputs");
        long count = x.Attributes.Int("num_outputs", x.Outputs);
        if (x.OptionalWhole(1) is { } sizes)
        {
            return sizes.Length == x.Outputs ? Pieces(x.Shape, axis, sizes)
                : throw new ModelException($"{sizes.Length} sizes for {x.Outputs} outputs");
        }

        if (count != x.Outputs || count < 1 || (!counted && size % count != 0))
        {
            throw new ModelException($"a size of {size} cannot become {count} equal pieces in {x.Outputs} outputs");
        }

        long part = (size + count - 1) / count;
        return Pieces(x.Shape, axis, [.. Enumerable.Range(0, (int)count).Select(k => Math.Clamp(size - (k * part), 0, part))]);
    }

    /// <summary>A list of pieces along an axis: of the sizes of input 1, of one size, or of size 1; these without the axis where
    /// <c>keepdims</c> is 0.</summary>
    internal static Placement[] SplitToSequence(MoveArguments x)
    {
        int axis = Sizes.Axis(x.Attributes.Int("axis", 0), x.Shape.Length);
        bool keep = x.Attributes.Int("keepdims", 1) != 0;
        int size = x.Shape[axis];
        Block<double>? given = x.Optional(1);
        if (given is { Rank: > 0 })
        {
            return Pieces(x.Shape, axis, x.Whole(1));
        }

        long part = given is null ? 1 : x.Whole(1)[0];
        if (part < 1 || size / part >= MaxPieces)
        {
            throw new ModelException($"pieces of size {part} of an axis of size {size}, expected at most {MaxPieces}");
        }

        Placement[] pieces = Pieces(x.Shape, axis, [
            .. Enumerable.Range(0, (int)((size / part) + (size % part == 0 ? 0 : 1))).Select(k => Math.Min(part, size - (k * part)))]);
        return given is null && !keep ? [.. pieces.Select(p => ((StridedPlacement)p).Without(axis))] : pieces;
    }

    /// <summary>All inputs one after the other along an axis.</summary>
    internal static Placement[] Concat(MoveArguments x)
    {
        if (!x.Attributes.Has("axis"))
        {
            throw new ModelException("attribute 'axis' is missing");
        }

        int axis = Sizes.Axis(x.Attributes.Int("axis", 0), x.Shape.Length);
        long total = 0;
        for (int k = 0; k < x.Inputs; k++)
        {
            ImmutableArray<int> shape = x.ShapeOf(k);
            if (shape.Length != x.Shape.Length || shape.Where((size, a) => a != axis && size != x.Shape[a]).Any())
            {
                throw new ModelException(
                    $"shapes {Sizes.Show(x.Shape.AsSpan())} and {Sizes.Show(shape.AsSpan())} cannot be joined along axis {axis}");
            }

            total += shape[axis];
        }

        int[] runs = [.. Enumerable.Range(0, x.Inputs).Select(k => Sizes.Size(Sizes.Count(x.ShapeOf(k).AsSpan()[axis..])))];
        return [new JoinedPlacement(x.Shape.SetItem(axis, Sizes.Size(total)), runs)];
    }

    /// <summary>Those elements, or those slices of an axis, for which input 1 is true.</summary>
    internal static Placement[] Compress(MoveArguments x)
    {
        bool flat = !x.Attributes.Has("axis");
        long given = x.Attributes.Int("axis", 0);
        ImmutableArray<int> shape = flat ? [Sizes.Size(Sizes.Count(x.Shape.AsSpan()))] : x.Shape;
        int axis = Sizes.Axis(given, shape.Length);
        long[] condition = x.Whole(1);
        long[] chosen = [.. Enumerable.Range(0, condition.Length).Where(k => condition[k] != 0).Select(k => (long)k)];
        return chosen.Length > 0 && chosen[^1] >= shape[axis]
            ? throw new ModelException($"element {chosen[^1]} of an axis of size {shape[axis]}")
            : [GatherMoves.Along(shape, axis, chosen, [chosen.Length])];
    }

    private static (long Start, long Step, int Size) Range(long start, long end, long step, int size)
    {
        if (step == 0)
        {
            throw new ModelException("a step of 0");
        }

        // No step leads farther than one beyond the axis, and none of these sums overflows.
        step = Math.Clamp(step, -(long)int.MaxValue, int.MaxValue);
        start = start < 0 ? start + size : start;
        end = end < 0 ? end + size : end;
        (start, end) = step > 0
            ? (Math.Clamp(start, 0, size), Math.Clamp(end, 0, size))
            : (Math.Clamp(start, -1, size - 1), Math.Clamp(end, -1, size - 1));
        long count = step > 0 ? (end - start + step - 1) / step : (start - end - step - 1) / -step;
        return count <= 0 ? (0, step, 0) : (start, step, (int)count);
    }

    private static Placement[] Pieces(ImmutableArray<int> shape, int axis, long[] sizes)
    {
        Int128 total = 0;
        foreach (long size in sizes)
        {
            total += Sizes.Size(size);
        }

        if (total != shape[axis])
        {
            throw new ModelException($"pieces of sizes [{string.Join(',', sizes)}] of an axis of size {shape[axis]}");
        }

        long[] strides = Sizes.Strides(shape.AsSpan());
        long start = 0;
        var pieces = new Placement[sizes.Length];
        for (int k = 0; k < sizes.Length; k++)
        {
            pieces[k] = new StridedPlacement(shape.SetItem(axis, (int)sizes[k]), start, strides);
            start += sizes[k] * strides[axis];
        }

        return pieces;
    }
}
