using System.Collections.Immutable;
using Interp.Weights.Graphs;

namespace Interp.Tests.Weights.Keras;

/// <summary>Operators that sum over many elements, for <see cref="PlainGraph"/>.</summary>
internal static class Windows
{
    /// <summary>A convolution of [N,C,H,W]; <c>auto_pad</c> must be said.</summary>
    internal static Block<double> Conv(Block<double>[] x, OperatorAttributes attributes)
    {
        Block<double> weight = x[1];
        int groups = (int)attributes.Int("group", 1);
        ImmutableArray<long> dilation = attributes.Ints("dilations")!.Value;
        var plan = new Plan(x[0], [weight.Shape[2], weight.Shape[3]], dilation, attributes);
        int channels = weight.Shape[1];
        int perGroup = weight.Shape[0] / groups;
        Assert.AreEqual(x[0].Shape[1], channels * groups);
        return Move.Fill([x[0].Shape[0], weight.Shape[0], plan.Height, plan.Width], index =>
        {
            double sum = x.Length > 2 ? x[2].Values[index[1]] : 0;
            foreach ((int r, int s, int h, int w) in plan.Places(index[2], index[3]))
            {
                for (int c = 0; c < channels; c++)
                {
                    sum += weight.Values[((index[1] * channels + c) * weight.Shape[2] + r) * weight.Shape[3] + s]
                        * Pixel(x[0], index[0], index[1] / perGroup * channels + c, h, w);
                }
            }

            return sum;
        });
    }

    /// <summary>The largest or the mean of the places that lie in the map.</summary>
    internal static Block<double> Pool(Block<double> x, bool isMax, OperatorAttributes attributes)
    {
        Assert.AreEqual(0, attributes.Int("count_include_pad", 0));
        var plan = new Plan(x, attributes.Ints("kernel_shape")!.Value, [1, 1], attributes);
        return Move.Fill([x.Shape[0], x.Shape[1], plan.Height, plan.Width], index =>
        {
            double[] values = [.. plan.Places(index[2], index[3]).Select(p => Pixel(x, index[0], index[1], p.H, p.W))];
            return isMax ? values.Max() : values.Average();
        });
    }

    internal static Block<double> Global(Block<double> x, bool isMax)
    {
        int size = x.Shape[2] * x.Shape[3];
        double[] values = [.. x.Values.Chunk(size).Select(c => isMax ? c.Max() : c.Average())];
        return new([x.Shape[0], x.Shape[1], 1, 1], values);
    }

    /// <summary>The last axis times a matrix [in,out], and a vector added.</summary>
    internal static Block<double> Multiply(Block<double>[] x)
    {
        int wide = x[1].Shape[1];
        int deep = x[1].Shape[0];
        Assert.AreEqual(deep, x[0].Shape[^1]);
        var values = new double[x[0].Values.Length / deep * wide];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = x.Length > 2 ? x[2].Values[i % wide] : 0;
            for (int k = 0; k < deep; k++)
            {
                values[i] += x[0].Values[i / wide * deep + k] * x[1].Values[k * wide + i % wide];
            }
        }

        return new(x[0].Shape.SetItem(x[0].Rank - 1, wide), values);
    }

    /// <summary>Input, scale, shift, mean, variance; channels are axis 1.</summary>
    internal static Block<double> BatchNorm(Block<double>[] x, double epsilon)
    {
        Assert.AreEqual(x[0].Shape[1], x[1].Values.Length);
        return Move.Fill(x[0].Shape, index => (x[0].Values[Move.At(x[0].Shape, index)] - x[3].Values[index[1]])
            / Math.Sqrt(x[4].Values[index[1]] + epsilon) * x[1].Values[index[1]] + x[2].Values[index[1]]);
    }

    internal static Block<double> LayerNorm(Block<double>[] x, int axis, double epsilon)
    {
        int size = x[0].Shape.Skip(axis < 0 ? x[0].Rank + axis : axis).Aggregate(1, (p, s) => p * s);
        Assert.AreEqual(size, x[1].Values.Length);
        return new(x[0].Shape, [.. x[0].Values.Chunk(size).SelectMany(row =>
        {
            double mean = row.Average();
            double deviation = Math.Sqrt(row.Average(v => (v - mean) * (v - mean)) + epsilon);
            return row.Select((v, i) => (v - mean) / deviation * x[1].Values[i] + (x.Length > 2 ? x[2].Values[i] : 0));
        })]);
    }

    internal static Block<double> Softmax(Block<double> x, int axis, bool isLog)
    {
        Assert.IsTrue(axis == -1 || axis == x.Rank - 1);
        return new(x.Shape, [.. x.Values.Chunk(x.Shape[^1]).SelectMany(row =>
        {
            double sum = row.Sum(v => Math.Exp(v - row.Max()));
            return row.Select(v => isLog ? v - row.Max() - Math.Log(sum) : Math.Exp(v - row.Max()) / sum);
        })]);
    }

    private static double Pixel(Block<double> x, int n, int c, int h, int w) =>
        x.Values[((n * x.Shape[1] + c) * x.Shape[2] + h) * x.Shape[3] + w];

    /// <summary>Where the windows of a map lie: SAME_UPPER has ⌈size/stride⌉ of them, and the odd place of padding at the end.</summary>
    private sealed class Plan
    {
        private readonly int[] _size;
        private readonly int[] _kernel;
        private readonly int[] _stride;
        private readonly int[] _dilation;
        private readonly int[] _before = [0, 0];
        private readonly int[] _count = [0, 0];

        internal Plan(Block<double> x, ImmutableArray<long> kernel, ImmutableArray<long> dilation, OperatorAttributes attributes)
        {
            _size = [x.Shape[2], x.Shape[3]];
            _kernel = [(int)kernel[0], (int)kernel[1]];
            _dilation = [(int)dilation[0], (int)dilation[1]];
            _stride = [.. attributes.Ints("strides")!.Value.Select(s => (int)s)];
            string padding = attributes.String("auto_pad", "NOTSET");
            for (int axis = 0; axis < 2; axis++)
            {
                int reach = (_kernel[axis] - 1) * _dilation[axis] + 1;
                _count[axis] = padding == "VALID" ? (_size[axis] - reach) / _stride[axis] + 1
                    : padding == "SAME_UPPER" ? (_size[axis] + _stride[axis] - 1) / _stride[axis] : throw new InvalidOperationException(padding);
                _before[axis] = padding == "VALID" ? 0 : Math.Max((_count[axis] - 1) * _stride[axis] + reach - _size[axis], 0) / 2;
            }
        }

        internal int Height => _count[0];

        internal int Width => _count[1];

        /// <summary>Row and column in the window, and in the map.</summary>
        internal IEnumerable<(int R, int S, int H, int W)> Places(int row, int column)
        {
            for (int r = 0; r < _kernel[0]; r++)
            {
                for (int s = 0; s < _kernel[1]; s++)
                {
                    int h = row * _stride[0] - _before[0] + r * _dilation[0];
                    int w = column * _stride[1] - _before[1] + s * _dilation[1];
                    if (h >= 0 && h < _size[0] && w >= 0 && w < _size[1])
                    {
                        yield return (r, s, h, w);
                    }
                }
            }
        }
    }
}
