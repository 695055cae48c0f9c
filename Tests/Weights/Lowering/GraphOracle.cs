using System.Collections.Immutable;
using Interp.Engine.Statistics;
using Interp.Weights.Formats;
using Interp.Weights.Graphs;
using Interp.Weights.Graphs.Arrays;
using Interp.Weights.Graphs.Evaluation;

namespace Interp.Tests.Weights.Lowering;

/// <summary>
/// What a graph computes, operator after operator on float64 arrays, by the definitions of ONNX: nothing is recognised, merged or moved.
/// The operators that the evaluator of constants does not have are plain loops here.
/// </summary>
internal static class GraphOracle
{
    /// <summary>A value of the graph for given images.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="images">The value of its first input.</param>
    /// <param name="output">The value's name.</param>
    /// <param name="logits">Whether softmaxes pass their inputs on, as a network ends in logits.</param>
    internal static Block<double> Run(OperatorGraph graph, Block<double> images, string output, bool logits = false)
    {
        var given = new Dictionary<string, GraphTensor>(graph.Constants) { [graph.Inputs[0].Name] = Held(images) };
        var constants = new GraphConstants(given, _ => null);
        foreach (OperatorNode node in graph.Nodes)
        {
            if (IsLinear(node) || !constants.TryEvaluate(node))
            {
                Block<double>[] inputs = [.. node.Inputs.Select(i => i.Length == 0 ? new([0], []) : constants.Values(i)!)];
                Block<double> made = logits && node.Operator is "Softmax" or "LogSoftmax" ? inputs[0] : Evaluate(node, inputs);
                constants.Give(new Dictionary<string, GraphTensor> { [node.Outputs[0]] = Held(made) });
                node.Attributes.RequireAllRead();
            }
        }

        return constants.Values(output)!;
    }

    private static HeldTensor Held(Block<double> block) => new(ElementType.Float64, [.. block.Shape.Select(s => (long)s)], block.Values);

    private static bool IsLinear(OperatorNode node) => node.Operator == "Resize" && node.Attributes.String("mode", "nearest") == "linear";

    private static Block<double> Evaluate(OperatorNode node, Block<double>[] x) => node.Operator switch
    {
        "Conv" => Conv(node, x[0], x[1], x.Length > 2 ? x[2].Values : null),
        "MaxPool" => Pool(node, x[0], (sum, max, real, all) => max),
        "AveragePool" => Pool(node, x[0],
            (sum, max, real, all) => sum / (node.Attributes.Int("count_include_pad", 0) != 0 ? all : real)),
        "GlobalAveragePool" => Channels(x[0], (values, c) => Array.ConvertAll(values, _ => values.Average()), keep: false),
        "GlobalMaxPool" => Channels(x[0], (values, c) => Array.ConvertAll(values, _ => values.Max()), keep: false),
        "BatchNormalization" => BatchNorm(node, x),
        "LayerNormalization" => LayerNorm(node, x),
        "Resize" => Enlarge(node, x[0], x[2].Values),
        "PRelu" => PRelu(x[0], x[1]),
        "Softmax" or "LogSoftmax" => Softmax(node, x[0]),
        _ => x[0] with { Values = Array.ConvertAll(x[0].Values, new Converter<double, double>(Function(node))) },
    };

    private static Func<double, double> Function(OperatorNode node)
    {
        double alpha = node.Attributes.Float("alpha", node.Operator == "HardSigmoid" ? 0.2 : 1);
        double beta = node.Attributes.Float("beta", 0.5);
        return node.Operator switch
        {
            "ThresholdedRelu" => v => v > alpha ? v : 0,
            "Elu" => v => v < 0 ? alpha * (Math.Exp(v) - 1) : v,
            "Celu" => v => v < 0 ? alpha * (Math.Exp(v / alpha) - 1) : v,
            "Selu" => v => 1.0507009873554805 * (v < 0 ? 1.6732632423543772 * (Math.Exp(v) - 1) : v),
            "Softsign" => v => v / (1 + Math.Abs(v)),
            "Mish" => v => v * Math.Tanh(Math.Log(1 + Math.Exp(v))),
            "HardSigmoid" => v => Math.Clamp(alpha * v + beta, 0, 1),
            "HardSwish" => v => v * Math.Clamp((v + 3) / 6, 0, 1),
            "Gelu" => v => 0.5 * v * (1 + ErrorFunction.Of(v / Math.Sqrt(2))),
            _ => throw new NotSupportedException(node.Operator),
        };
    }

    private static Block<double> Conv(OperatorNode node, Block<double> x, Block<double> w, double[]? bias)
    {
        int groups = (int)node.Attributes.Int("group", 1);
        int n = x.Shape[0], k = w.Shape[0], each = w.Shape[1], perGroup = k / groups;
        Assert.AreEqual(x.Shape[1], each * groups);
        Axis rows = Axis.Of(node, 0, x.Shape[2], w.Shape[2]), columns = Axis.Of(node, 1, x.Shape[3], w.Shape[3]);
        var y = new double[n * k * rows.Outputs * columns.Outputs];
        int at = 0;
        for (int image = 0; image < n; image++)
        {
            for (int o = 0; o < k; o++)
            {
                for (int i = 0; i < rows.Outputs * columns.Outputs; i++)
                {
                    double sum = bias?[o] ?? 0;
                    for (int t = 0; t < each * w.Shape[2] * w.Shape[3]; t++)
                    {
                        int c = t / (w.Shape[2] * w.Shape[3]), p = t / w.Shape[3] % w.Shape[2], q = t % w.Shape[3];
                        int row = rows.At(i / columns.Outputs, p), column = columns.At(i % columns.Outputs, q);
                        if (row >= 0 && row < x.Shape[2] && column >= 0 && column < x.Shape[3])
                        {
                            int channel = o / perGroup * each + c;
                            sum += w.Values[(o * each * w.Shape[2] * w.Shape[3]) + t]
                                * x.Values[((image * x.Shape[1] + channel) * x.Shape[2] + row) * x.Shape[3] + column];
                        }
                    }

                    y[at++] = sum;
                }
            }
        }

        return new([n, k, rows.Outputs, columns.Outputs], y);
    }

    private static Block<double> Pool(OperatorNode node, Block<double> x, Func<double, double, int, int, double> of)
    {
        ImmutableArray<long> kernel = node.Attributes.Ints("kernel_shape")!.Value;
        Axis rows = Axis.Of(node, 0, x.Shape[2], (int)kernel[0]), columns = Axis.Of(node, 1, x.Shape[3], (int)kernel[1]);
        var y = new double[x.Shape[0] * x.Shape[1] * rows.Outputs * columns.Outputs];
        for (int i = 0; i < y.Length; i++)
        {
            int map = i / (rows.Outputs * columns.Outputs), r = i / columns.Outputs % rows.Outputs, s = i % columns.Outputs;
            double sum = 0, max = double.NegativeInfinity;
            int real = 0, all = 0;
            for (int t = 0; t < kernel[0] * kernel[1]; t++)
            {
                int row = rows.At(r, t / (int)kernel[1]), column = columns.At(s, t % (int)kernel[1]);
                all += rows.Covers(row) && columns.Covers(column) ? 1 : 0;
                if (row >= 0 && row < x.Shape[2] && column >= 0 && column < x.Shape[3])
                {
                    double value = x.Values[(map * x.Shape[2] + row) * x.Shape[3] + column];
                    (sum, max, real) = (sum + value, Math.Max(max, value), real + 1);
                }
            }

            y[i] = of(sum, max, real, all);
        }

        return new([x.Shape[0], x.Shape[1], rows.Outputs, columns.Outputs], y);
    }

    private static Block<double> BatchNorm(OperatorNode node, Block<double>[] x)
    {
        double epsilon = node.Attributes.Float("epsilon", 1e-5);
        double[] scale = x[1].Values, shift = x[2].Values, mean = x[3].Values, variance = x[4].Values;
        Assert.HasCount(x[0].Shape[1], scale);
        return Channels(x[0], (values, c) =>
            Array.ConvertAll(values, v => (v - mean[c]) / Math.Sqrt(variance[c] + epsilon) * scale[c] + shift[c]), keep: true);
    }

    /// <summary>Something done to the values of each channel of each image: to all of them, or to make one.</summary>
    private static Block<double> Channels(Block<double> x, Func<double[], int, double[]> of, bool keep)
    {
        int each = x.Shape.Skip(2).Aggregate(1, (a, b) => a * b);
        double[][] made = [.. x.Values.Chunk(each).Select((values, i) => of(values, i % x.Shape[1]))];
        return keep ? x with { Values = [.. made.SelectMany(m => m)] }
            : new([x.Shape[0], x.Shape[1], .. x.Shape.Skip(2).Select(_ => 1)], [.. made.Select(m => m[0])]);
    }

    private static Block<double> LayerNorm(OperatorNode node, Block<double>[] x)
    {
        double epsilon = node.Attributes.Float("epsilon", 1e-5);
        int axis = (int)node.Attributes.Int("axis", -1);
        int size = x[0].Shape.Skip(axis < 0 ? x[0].Rank + axis : axis).Aggregate(1, (a, b) => a * b);
        Assert.HasCount(size, x[1].Values);
        return Rows(x[0], size, row =>
        {
            double mean = row.Average(), deviation = Math.Sqrt(row.Average(v => (v - mean) * (v - mean)) + epsilon);
            return row.Select((v, c) => (v - mean) / deviation * x[1].Values[c] + (x.Length > 2 ? x[2].Values[c] : 0));
        });
    }

    private static Block<double> Softmax(OperatorNode node, Block<double> x)
    {
        int axis = (int)node.Attributes.Int("axis", -1);
        Assert.IsTrue(axis == -1 || axis == x.Rank - 1);
        return Rows(x, x.Shape[^1], row =>
        {
            double max = row.Max(), sum = row.Sum(v => Math.Exp(v - max));
            return row.Select(v => node.Operator == "Softmax" ? Math.Exp(v - max) / sum : v - max - Math.Log(sum));
        });
    }

    private static Block<double> Rows(Block<double> x, int size, Func<double[], IEnumerable<double>> of) =>
        x with { Values = [.. x.Values.Chunk(size).SelectMany(of)] };

    /// <summary>Slopes align at the end, sizes of 1 are repeated.</summary>
    private static Block<double> PRelu(Block<double> x, Block<double> slope)
    {
        ImmutableArray<int> sizes = [.. Enumerable.Repeat(1, x.Rank - slope.Rank), .. slope.Shape];
        Assert.IsTrue(sizes.Zip(x.Shape).All(p => p.First == 1 || p.First == p.Second));
        return x with
        {
            Values = [.. x.Values.Select((v, i) =>
            {
                int at = 0, step = 1, rest = i;
                for (int axis = x.Rank - 1; axis >= 0; axis--)
                {
                    at += sizes[axis] == 1 ? 0 : rest % x.Shape[axis] * step;
                    (step, rest) = (step * sizes[axis], rest / x.Shape[axis]);
                }

                return v < 0 ? v * slope.Values[at] : v;
            })],
        };
    }

    /// <summary>Maps enlarged by whole factors, linear between the pixels' centres.</summary>
    private static Block<double> Enlarge(OperatorNode node, Block<double> x, double[] scales)
    {
        Assert.AreEqual("half_pixel", node.Attributes.String("coordinate_transformation_mode", "half_pixel"));
        Assert.IsTrue(scales is [1, 1, _, _]);
        int height = x.Shape[2], width = x.Shape[3], rows = (int)(height * scales[2]), columns = (int)(width * scales[3]);
        var y = new double[x.Shape[0] * x.Shape[1] * rows * columns];
        for (int i = 0; i < y.Length; i++)
        {
            double h = (i / columns % rows + 0.5) / scales[2] - 0.5, w = (i % columns + 0.5) / scales[3] - 0.5;
            double Pixel(double row, double column) => x.Values[
                (i / (rows * columns) * height + (int)Math.Clamp(row, 0, height - 1)) * width + (int)Math.Clamp(column, 0, width - 1)];
            double top = Math.Floor(h), left = Math.Floor(w);
            y[i] = double.Lerp(double.Lerp(Pixel(top, left), Pixel(top, left + 1), w - left),
                double.Lerp(Pixel(top + 1, left), Pixel(top + 1, left + 1), w - left), h - top);
        }

        return new([x.Shape[0], x.Shape[1], rows, columns], y);
    }

    /// <summary>A window along one axis: ⌊(size + pads − extent)/stride⌋ + 1 outputs, or rounded up but for windows that begin behind the
    /// last element and the padding before it.</summary>
    private readonly record struct Axis(int Size, int Start, int End, int Stride, int Dilation, int Outputs)
    {
        internal static Axis Of(OperatorNode node, int axis, int size, int kernel)
        {
            int Read(string name, int at, int absent) => (int)(node.Attributes.Ints(name)?[at] ?? absent);
            int stride = Read("strides", axis, 1), dilation = Read("dilations", axis, 1);
            int start = Read("pads", axis, 0), end = Read("pads", axis + 2, 0);
            int extent = (kernel - 1) * dilation + 1;
            string rule = node.Attributes.String("auto_pad", "NOTSET");
            if (rule.StartsWith("SAME", StringComparison.Ordinal))
            {
                int total = Math.Max(0, ((size + stride - 1) / stride - 1) * stride + extent - size);
                (start, end) = rule == "SAME_UPPER" ? (total / 2, total - total / 2) : (total - total / 2, total / 2);
            }

            bool ceil = node.Attributes.Int("ceil_mode", 0) != 0;
            int room = size + start + end - extent;
            int outputs = (ceil ? (room + stride - 1) / stride : room / stride) + 1;
            outputs -= ceil && (outputs - 1) * stride >= size + start ? 1 : 0;
            return new(size, start, end, stride, dilation, outputs);
        }

        internal int At(int output, int tap) => output * Stride + tap * Dilation - Start;

        internal bool Covers(int place) => place >= -Start && place < Size + End;
    }
}
