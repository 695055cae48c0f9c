using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Weights.Graphs.Arrays;

namespace Interp.Weights.Graphs.Evaluation;

/// <summary>How many numbers become one.</summary>
/// <param name="Start">What none become; null where there is no such number.</param>
/// <param name="Step">What the result so far and the next number become.</param>
/// <param name="End">What the last result and the count of numbers become.</param>
internal sealed record Reduction(double? Start, Func<double, double, double> Step, Func<double, long, double> End)
{
    internal static readonly Reduction Sum = new(0, (a, v) => a + v, (a, _) => a);
    internal static readonly Reduction Mean = new(null, (a, v) => a + v, (a, n) => a / n);
    internal static readonly Reduction Product = new(1, (a, v) => a * v, (a, _) => a);
    internal static readonly Reduction Max = new(null, Math.Max, (a, _) => a);
    internal static readonly Reduction Min = new(null, Math.Min, (a, _) => a);
    internal static readonly Reduction L1 = new(0, (a, v) => a + Math.Abs(v), (a, _) => a);
    internal static readonly Reduction L2 = new(0, (a, v) => a + (v * v), (a, _) => Math.Sqrt(a));
    internal static readonly Reduction SumSquare = new(0, (a, v) => a + (v * v), (a, _) => a);
    internal static readonly Reduction LogSum = new(0, (a, v) => a + v, (a, _) => Math.Log(a));
}

/// <summary>Operators that reduce axes to one number each, in the order of the elements.</summary>
internal static class ReduceOperators
{
    internal static GraphTensor[] Reduce(ConstantArguments x, Reduction reduction)
    {
        Block<double> block = x.Block(0);
        var axes = new Axes(x, block);
        double[] result = axes.Reduce(reduction, block.Values);
        return ConstantArguments.Result(
            x.Tensor(0).Type, axes.Shape, x.Tensor(0).IsInteger ? [.. result.Select(Math.Truncate)] : result);
    }

    /// <summary><c>m + log Σ e^(x−m)</c> with the largest m.</summary>
    internal static GraphTensor[] LogSumExp(ConstantArguments x)
    {
        Block<double> block = x.Block(0);
        var axes = new Axes(x, block);
        double[] max = [.. axes.Reduce(Reduction.Max, block.Values).Select(m => double.IsFinite(m) ? m : 0)];
        double[] sums = axes.Reduce(Reduction.LogSum, axes.Map(block.Values, (v, k) => Math.Exp(v - max[k])));
        return ConstantArguments.Result(x.Tensor(0).Type, axes.Shape, [.. sums.Select((s, k) => max[k] + s)]);
    }

    /// <summary>Which axes are reduced, and where in the result each element goes.</summary>
    private sealed class Axes
    {
        private readonly Block<double> _block;
        private readonly long[] _strides;
        private readonly long _count = 1;

        internal Axes(ConstantArguments x, Block<double> block)
        {
            _block = block;
            int rank = block.Rank;
            bool keep = x.Attributes.Int("keepdims", 1) != 0;
            bool none = x.Attributes.Int("noop_with_empty_axes", 0) != 0;
            int[] given = [.. (x.OptionalWhole(1) ?? []).Select(a => Sizes.Axis(a, rank))];
            bool[] reduced = [.. Enumerable.Range(0, rank).Select(k => given.Length == 0 ? !none : given.Contains(k))];
            ImmutableArray<int> kept = [.. block.Shape.Select((size, k) => reduced[k] ? 1 : size)];
            _strides = [.. Sizes.Strides(kept.AsSpan()).Select((stride, k) => reduced[k] ? 0 : stride)];
            Shape = keep ? kept : [.. kept.Where((_, k) => !reduced[k])];
            for (int k = 0; k < rank; k++)
            {
                _count *= reduced[k] ? block.Shape[k] : 1;
            }
        }

        /// <summary>Shape of the result.</summary>
        internal ImmutableArray<int> Shape { get; }

        internal double[] Reduce(Reduction reduction, double[] values)
        {
            var result = new double[Sizes.Count(Shape.AsSpan())];
            if (_count == 0 && reduction.Start is null && result.Length > 0)
            {
                throw new ModelException($"an empty array of shape {Sizes.Show(_block.Shape.AsSpan())} has no such number");
            }

            Array.Fill(result, reduction.Start ?? 0);
            bool[] begun = reduction.Start is null ? new bool[result.Length] : [];
            Each((i, to) =>
            {
                bool first = begun.Length > 0 && !begun[to];
                result[to] = first ? values[i] : reduction.Step(result[to], values[i]);
                if (first)
                {
                    begun[to] = true;
                }
            });
            return [.. result.Select(r => reduction.End(r, _count))];
        }

        /// <summary>Each value made another one, that of its place in the result being known.</summary>
        internal double[] Map(double[] values, Func<double, long, double> function)
        {
            var result = new double[values.Length];
            Each((i, to) => result[i] = function(values[i], to));
            return result;
        }

        private void Each(Action<int, long> visit)
        {
            var walk = new Odometer(_block.Shape);
            for (int i = 0; i < _block.Values.Length; i++, walk.Next())
            {
                long to = 0;
                for (int axis = 0; axis < _strides.Length; axis++)
                {
                    to += walk.Index[axis] * _strides[axis];
                }

                visit(i, to);
            }
        }
    }
}
