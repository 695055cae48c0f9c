using System.Collections.Immutable;
using Interp.Engine.Common;

namespace Interp.Weights.Graphs.Arrays;

/// <summary>Movements that repeat elements, and put new ones around them.</summary>
internal static class RepeatMoves
{
    /// <summary>Repeated to the shape of input 1, whose sizes of 1 give way to the array's.</summary>
    internal static Placement[] Expand(MoveArguments x)
    {
        ImmutableArray<int> shape = x.Checked(Sizes.Broadcast(x.Shape, [.. x.Whole(1).Select(Sizes.Size)]));
        return [StridedPlacement.Broadcast(x.Shape, shape)];
    }

    /// <summary>The whole array so many times along each axis.</summary>
    internal static Placement[] Tile(MoveArguments x)
    {
        int[] times = [.. x.Whole(1).Select(Sizes.Size)];
        if (times.Length != x.Shape.Length)
        {
            throw new ModelException($"{times.Length} repeats for {Sizes.Show(x.Shape.AsSpan())}");
        }

        ImmutableArray<int> shape = [.. x.Shape.Select((size, k) => Sizes.Size((long)size * times[k]))];
        long[] strides = Sizes.Strides(x.Shape.AsSpan());
        return [new StridedPlacement(shape, [.. x.Shape.SelectMany((size, k) => new[] { times[k], size })], 0, [
            .. strides.SelectMany(s => new[] { 0, s })])];
    }

    /// <summary>So many elements more (or less) before and after each axis: nothing, the outermost, mirrored ones, or those of the other
    /// end.</summary>
    internal static Placement[] Pad(MoveArguments x)
    {
        string mode = x.Attributes.String("mode", "constant");
        Func<long, int, long> place = mode switch
        {
            "constant" => (i, size) => i >= 0 && i < size ? i : -1,
            "edge" => (i, size) => Math.Clamp(i, 0, size - 1),
            "reflect" => (i, size) => Reflected(i, size),
            "wrap" => (i, size) => Modulo(i, size),
            _ => throw new ModelException($"mode '{Text.OneLine(mode)}', expected constant, edge, reflect or wrap"),
        };
        int rank = x.Shape.Length;
        int[] axes = x.OptionalWhole(3) is { } given ? [.. given.Select(a => Sizes.Axis(a, rank))] : [.. Enumerable.Range(0, rank)];
        long[] pads = x.Whole(1);
        if (pads.Length != 2 * axes.Length || axes.Distinct().Count() < axes.Length
            || pads.Any(p => p is < -int.MaxValue or > int.MaxValue))
        {
            throw new ModelException(
                $"pads [{string.Join(',', pads)}] for axes [{string.Join(',', axes)}] of {Sizes.Show(x.Shape.AsSpan())}");
        }

        long[] before = new long[rank];
        int[] shape = [.. x.Shape];
        for (int k = 0; k < axes.Length; k++)
        {
            before[axes[k]] = pads[k];
            shape[axes[k]] = Sizes.Size(shape[axes[k]] + pads[k] + pads[k + axes.Length]);
            if (shape[axes[k]] > 0 && x.Shape[axes[k]] == 0 && mode != "constant")
            {
                throw new ModelException($"mode {mode} for axis {axes[k]} of {Sizes.Show(x.Shape.AsSpan())}");
            }
        }

        return [ByAxis(x, [.. shape], (axis, i) => place(i - before[axis], x.Shape[axis]))];
    }

    /// <summary>Each axis by itself: element i of it is the one that <paramref name="place"/> says, none where it is negative.</summary>
    internal static Placement ByAxis(MoveArguments x, ImmutableArray<int> shape, Func<int, int, long> place)
    {
        x.Checked(shape);
        if (shape.Contains(0))
        {
            return StridedPlacement.Empty(shape);
        }

        long[] strides = Sizes.Strides(x.Shape.AsSpan());
        return new TablePlacement(shape, [.. shape.Select((size, axis) => Enumerable.Range(0, size)
            .Select(i => place(axis, i) is >= 0 and var from ? from * strides[axis] : -1).ToArray())]);
    }

    private static long Reflected(long index, int size)
    {
        long period = Math.Max(1, 2L * (size - 1));
        long within = Modulo(index, period);
        return within < size ? within : period - within;
    }

    private static long Modulo(long value, long divisor) => ((value % divisor) + divisor) % divisor;
}
