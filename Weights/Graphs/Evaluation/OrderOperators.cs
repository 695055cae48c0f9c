using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Weights.Formats;
using Interp.Weights.Graphs.Arrays;

namespace Interp.Weights.Graphs.Evaluation;

/// <summary>Operators that look at the elements of one axis in their order.</summary>
internal static class OrderOperators
{
    /// <summary>Where along an axis the largest (smallest) element lies: the first of equals, or the last.</summary>
    internal static GraphTensor[] ArgMax(ConstantArguments x, int sign)
    {
        Lines lines = new(x.Block(0), x.Attributes.Int("axis", 0));
        bool keep = x.Attributes.Int("keepdims", 1) != 0, last = x.Attributes.Int("select_last_index", 0) != 0;
        ImmutableArray<int> shape = keep ? lines.Shape.SetItem(lines.Axis, 1) : lines.Shape.RemoveAt(lines.Axis);
        var result = new double[Sizes.Count(shape.AsSpan())];
        if (lines.Size == 0 && result.Length > 0)
        {
            throw new ModelException($"an empty axis of {Sizes.Show(lines.Shape.AsSpan())} has no largest element");
        }

        for (int line = 0; line < result.Length; line++)
        {
            int best = 0;
            for (int i = 1; i < lines.Size; i++)
            {
                int order = sign * lines[line, i].CompareTo(lines[line, best]);
                best = order > 0 || (order == 0 && last) ? i : best;
            }

            result[line] = best;
        }

        return ConstantArguments.Result(ElementType.Int64, shape, result);
    }

    /// <summary>The k largest (smallest) elements of an axis in order, the first of equals first, and where they lie.</summary>
    internal static GraphTensor[] TopK(ConstantArguments x)
    {
        Lines lines = new(x.Block(0), x.Attributes.Int("axis", -1));
        int sign = x.Attributes.Int("largest", 1) != 0 ? -1 : 1;
        x.Attributes.Ignore("sorted");
        double k = x.Number(1);
        if (!(k >= 0 && k <= lines.Size))
        {
            throw new ModelException($"the first {k} of an axis of size {lines.Size}");
        }

        int count = (int)k;
        ImmutableArray<int> shape = lines.Shape.SetItem(lines.Axis, count);
        var values = new double[Sizes.Count(shape.AsSpan())];
        var places = new double[values.Length];
        for (int line = 0; line < lines.Count && values.Length > 0; line++)
        {
            int[] order = [.. Enumerable.Range(0, lines.Size).OrderBy(i => lines[line, i], Comparer<double>.Create(
                (a, b) => sign * a.CompareTo(b)))];
            for (int i = 0; i < count; i++)
            {
                int to = lines.Place(line, i, count);
                values[to] = lines[line, order[i]];
                places[to] = order[i];
            }
        }

        return [
            .. ConstantArguments.Chosen(x.Tensor(0).Type, shape, values), .. ConstantArguments.Result(ElementType.Int64, shape, places)];
    }

    /// <summary>Sums of all elements up to each one of an axis; without it (<c>exclusive</c>), or from the end (<c>reverse</c>).</summary>
    internal static GraphTensor[] CumSum(ConstantArguments x)
    {
        Lines lines = new(x.Block(0), (long)x.Number(1));
        bool exclusive = x.Attributes.Int("exclusive", 0) != 0, reverse = x.Attributes.Int("reverse", 0) != 0;
        var result = new double[Sizes.Count(lines.Shape.AsSpan())];
        for (int line = 0; line < lines.Count && result.Length > 0; line++)
        {
            double sum = 0;
            for (int k = 0; k < lines.Size; k++)
            {
                int i = reverse ? lines.Size - 1 - k : k;
                double next = sum + lines[line, i];
                result[lines.Place(line, i, lines.Size)] = exclusive ? sum : next;
                sum = next;
            }
        }

        return ConstantArguments.Result(x.Tensor(0).Type, lines.Shape, result);
    }

    /// <summary>An array as lines along an axis, in the order of what is before and behind it.</summary>
    private sealed class Lines
    {
        private readonly double[] _values;
        private readonly int _behind;

        internal Lines(Block<double> block, long axis)
        {
            _values = block.Values;
            Shape = block.Shape;
            Axis = Sizes.Axis(axis, block.Rank);
            Size = Shape[Axis];
            _behind = Math.Max(1, Sizes.Size(Sizes.Count(Shape.AsSpan()[(Axis + 1)..])));
            Count = Sizes.Size(Sizes.Count(Shape.RemoveAt(Axis).AsSpan()));
        }

        internal ImmutableArray<int> Shape { get; }

        internal int Axis { get; }

        /// <summary>Elements of a line.</summary>
        internal int Size { get; }

        /// <summary>Number of lines.</summary>
        internal int Count { get; }

        internal double this[int line, int i] => _values[Place(line, i, Size)];

        /// <summary>Where an element of a line lies in an array whose axis is of another size.</summary>
        internal int Place(int line, int i, int size) => (((line / _behind * size) + i) * _behind) + (line % _behind);
    }
}
