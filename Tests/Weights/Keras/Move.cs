using System.Collections.Immutable;
using Interp.Weights.Graphs;

namespace Interp.Tests.Weights.Keras;

/// <summary>Operators that move elements, or pair them, for <see cref="PlainGraph"/>.</summary>
internal static class Move
{
    internal static Block<double> Transpose(Block<double> x, int[] axes) =>
        Fill([.. axes.Select(a => x.Shape[a])], index => x.Values[At(x.Shape, axes.Select((a, i) => (a, i)).OrderBy(p => p.a).Select(p => index[p.i]))]);

    internal static Block<double> Reshape(Block<double> x, double[] target)
    {
        int[] shape = [.. target.Select((s, i) => s == 0 ? x.Shape[i] : (int)s)];
        int known = shape.Where(s => s > 0).Aggregate(1, (p, s) => p * s);
        return new([.. shape.Select(s => s < 0 ? x.Values.Length / known : s)], x.Values);
    }

    internal static Block<double> Concat(Block<double>[] parts, int axis)
    {
        ImmutableArray<int> shape = parts[0].Shape.SetItem(axis, parts.Sum(p => p.Shape[axis]));
        return Fill(shape, index =>
        {
            int[] inside = [.. index];
            foreach (Block<double> part in parts)
            {
                if (inside[axis] < part.Shape[axis])
                {
                    return part.Values[At(part.Shape, inside)];
                }

                inside[axis] -= part.Shape[axis];
            }

            throw new InvalidOperationException();
        });
    }

    /// <summary>Data, starts, ends, axes; steps of 1.</summary>
    internal static Block<double> Slice(Block<double>[] x)
    {
        int[] shape = [.. x[0].Shape];
        var from = new int[shape.Length];
        for (int i = 0; i < x[3].Values.Length; i++)
        {
            int axis = (int)x[3].Values[i];
            int end = (int)Math.Min(x[2].Values[i] < 0 ? shape[axis] + x[2].Values[i] : x[2].Values[i], shape[axis]);
            from[axis] = (int)x[1].Values[i];
            shape[axis] = end - from[axis];
        }

        return Fill([.. shape], index => x[0].Values[At(x[0].Shape, index.Select((v, i) => v + from[i]))]);
    }

    internal static Block<double> Pad(Block<double> x, double[] pads)
    {
        int rank = x.Rank;
        ImmutableArray<int> shape = [.. x.Shape.Select((s, i) => s + (int)pads[i] + (int)pads[i + rank])];
        return Fill(shape, index =>
        {
            int[] inside = [.. index.Select((v, i) => v - (int)pads[i])];
            return inside.Where((v, i) => v < 0 || v >= x.Shape[i]).Any() ? 0 : x.Values[At(x.Shape, inside)];
        });
    }

    /// <summary>Resize by whole factors: the nearest value, or linear between the pixels' centres.</summary>
    internal static Block<double> Enlarge(Block<double> x, double[] scales, OperatorAttributes attributes)
    {
        bool isNearest = attributes.String("mode", "nearest") == "nearest";
        string expected = isNearest ? "asymmetric" : "half_pixel";
        Assert.AreEqual(expected, attributes.String("coordinate_transformation_mode", "half_pixel"));
        Assert.AreEqual("floor", isNearest ? attributes.String("nearest_mode", "") : "floor");
        ImmutableArray<int> shape = [.. x.Shape.Select((s, i) => (int)(s * scales[i]))];
        return Fill(shape, index => isNearest
            ? x.Values[At(x.Shape, index.Select((v, i) => (int)Math.Floor(v / scales[i])))]
            : Linear(x, [.. index.Select((v, i) => (v + 0.5) / scales[i] - 0.5)]));
    }

    /// <summary>Applies a function to pairs of elements, sizes of 1 repeated, axes aligned at the end.</summary>
    internal static Block<double> Broadcast(Block<double>[] x, Func<double, double, double> of)
    {
        int rank = x.Max(b => b.Rank);
        Block<double>[] full = [.. x.Select(b => new Block<double>([.. Enumerable.Repeat(1, rank - b.Rank), .. b.Shape], b.Values))];
        ImmutableArray<int> shape = [.. Enumerable.Range(0, rank).Select(a => full.Max(b => b.Shape[a]))];
        foreach (Block<double> block in full)
        {
            Assert.IsTrue(block.Shape.Zip(shape).All(p => p.First == 1 || p.First == p.Second));
        }

        return Fill(shape, index => of(Of(full[0], index), Of(full[1], index)));

        static double Of(Block<double> b, int[] index) => b.Values[At(b.Shape, index.Select((v, i) => b.Shape[i] == 1 ? 0 : v))];
    }

    /// <summary>A block of a shape, each element computed from its index.</summary>
    internal static Block<double> Fill(ImmutableArray<int> shape, Func<int[], double> of)
    {
        var values = new double[shape.Aggregate(1, (p, s) => p * s)];
        var index = new int[shape.Length];
        for (int i = 0; i < values.Length; i++)
        {
            int rest = i;
            for (int axis = shape.Length - 1; axis >= 0; axis--)
            {
                (rest, index[axis]) = Math.DivRem(rest, shape[axis]);
            }

            values[i] = of(index);
        }

        return new(shape, values);
    }

    /// <summary>The place of an element in row-major order.</summary>
    internal static int At(ImmutableArray<int> shape, IEnumerable<int> index)
    {
        int at = 0;
        int axis = 0;
        foreach (int i in index)
        {
            at = at * shape[axis++] + i;
        }

        return at;
    }

    private static double Linear(Block<double> x, double[] place)
    {
        double sum = 0;
        for (int corner = 0; corner < 1 << x.Rank; corner++)
        {
            double weight = 1;
            var index = new int[x.Rank];
            for (int axis = 0; axis < x.Rank; axis++)
            {
                double low = Math.Floor(place[axis]);
                bool isHigh = (corner >> axis & 1) == 1;
                weight *= isHigh ? place[axis] - low : 1 - (place[axis] - low);
                index[axis] = Math.Clamp((int)low + (isHigh ? 1 : 0), 0, x.Shape[axis] - 1);
            }

            sum += weight == 0 ? 0 : weight * x.Values[At(x.Shape, index)];
        }

        return sum;
    }
}
