using System.Collections.Immutable;
using Interp.Engine.Numbers;
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
    internal static Block<double> Run(OperatorGraph graph, Block<double> images, string output)
    {
        var given = new Dictionary<string, GraphTensor>(graph.Constants) { [graph.Inputs[0].Name] = Held(images) };
        var constants = new GraphConstants(given, _ => null);
        foreach (OperatorNode node in graph.Nodes)
        {
            if (!constants.TryEvaluate(node))
            {
                Block<double> made = Evaluate(node, i => constants.Values(node.Inputs[i])!);
                constants.Give(new Dictionary<string, GraphTensor> { [node.Outputs[0]] = Held(made) });
            }
        }

        return constants.Values(output)!;
    }

    private static HeldTensor Held(Block<double> block) => new(ElementType.Float64, [.. block.Shape.Select(s => (long)s)], block.Values);

    private static Block<double> Evaluate(OperatorNode node, Func<int, Block<double>> input) => node.Operator switch
    {
        "Conv" => Conv(node, input(0), input(1), node.Inputs.Length > 2 ? input(2).Values : null),
        "MaxPool" => Pool(node, input(0), (sum, max, real, all) => max),
        "AveragePool" => Pool(node, input(0),
            (sum, max, real, all) => sum / (node.Attributes.Int("count_include_pad", 0) != 0 ? all : real)),
        "GlobalAveragePool" => Channels(input(0), (values, c) => Array.ConvertAll(values, _ => values.Average()), keep: false),
        "GlobalMaxPool" => Channels(input(0), (values, c) => Array.ConvertAll(values, _ => values.Max()), keep: false),
        "BatchNormalization" => BatchNorm(node, input),
        "LayerNormalization" => LayerNorm(node, input(0), input(1).Values, input(2).Values),
        "HardSwish" => Each(input(0), x => x * Math.Clamp((x + 3) / 6, 0, 1)),
        "HardSigmoid" => Each(input(0),
            x => Math.Clamp(node.Attributes.Float("alpha", 0.2) * x + node.Attributes.Float("beta", 0.5), 0, 1)),
        "Gelu" => Each(input(0), x => 0.5 * x * (1 + ErrorFunction.Of(x / Math.Sqrt(2)))),
        "Softmax" or "LogSoftmax" => input(0),
        _ => throw new NotSupportedException(node.Operator),
    };

    private static Block<double> Each(Block<double> x, Func<double, double> f) => x with { Values = Array.ConvertAll(x.Values, v => f(v)) };

    private static Block<double> Conv(OperatorNode node, Block<double> x, Block<double> w, double[]? bias)
    {
        int groups = (int)node.Attributes.Int("group", 1);
        int n = x.Shape[0], k = w.Shape[0], each = w.Shape[1], perGroup = k / groups;
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

    private static Block<double> BatchNorm(OperatorNode node, Func<int, Block<double>> input)
    {
        double epsilon = node.Attributes.Float("epsilon", 1e-5);
        double[] scale = input(1).Values, shift = input(2).Values, mean = input(3).Values, variance = input(4).Values;
        return Channels(input(0), (values, c) =>
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

    private static Block<double> LayerNorm(OperatorNode node, Block<double> x, double[] scale, double[] shift)
    {
        double epsilon = node.Attributes.Float("epsilon", 1e-5);
        return x with
        {
            Values = [.. x.Values.Chunk(x.Shape[^1]).SelectMany(row =>
            {
                double mean = row.Average(), deviation = Math.Sqrt(row.Average(v => (v - mean) * (v - mean)) + epsilon);
                return row.Select((v, c) => (v - mean) / deviation * scale[c] + shift[c]);
            })],
        };
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
