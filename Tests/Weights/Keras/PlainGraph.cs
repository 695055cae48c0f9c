using System.Collections.Immutable;
using Interp.Weights.Graphs;

namespace Interp.Tests.Weights.Keras;

/// <summary>
/// Computes a graph in float64 with plain loops, each operator as ONNX defines it: what the Keras reader writes means this, whatever the
/// lowering makes of it. Knows the operators and attributes that the reader uses, and no others.
/// </summary>
internal sealed class PlainGraph
{
    private readonly Dictionary<string, Block<double>> _values = new(StringComparer.Ordinal);
    private OperatorAttributes _attributes = OperatorAttributes.None;

    /// <summary>The graph's only output for an input.</summary>
    internal static Block<double> Run(OperatorGraph graph, Block<double> input)
    {
        var run = new PlainGraph();
        run._values[""] = new([0], []);
        run._values[graph.Inputs.Single().Name] = input;
        foreach ((string name, GraphTensor tensor) in graph.Constants)
        {
            run._values[name] = new([.. tensor.Shape.Select(s => (int)s)], tensor.Read());
        }

        foreach (OperatorNode node in graph.Nodes)
        {
            run._attributes = node.Attributes;
            run._values.Add(node.Outputs.Single(), run.Compute(node.Operator, [.. node.Inputs.Select(i => run._values[i])]));
            node.Attributes.RequireAllRead();
        }

        return run._values[graph.Outputs.Single().Name];
    }

    private Block<double> Compute(string kind, Block<double>[] x) => kind switch
    {
        "Transpose" => Move.Transpose(x[0], [.. _attributes.Ints("perm")!.Value.Select(a => (int)a)]),
        "Flatten" => new([x[0].Shape[0], x[0].Values.Length / x[0].Shape[0]], x[0].Values),
        "Reshape" => Move.Reshape(x[0], x[1].Values),
        "Unsqueeze" => new(x[1].Values.Aggregate(x[0].Shape, (shape, axis) => shape.Insert((int)axis, 1)), x[0].Values),
        "Concat" => Move.Concat(x, (int)_attributes.Int("axis", 0)),
        "Slice" => Move.Slice(x),
        "Pad" => Move.Pad(x[0], x[1].Values),
        "Resize" => Move.Enlarge(x[0], x[2].Values, _attributes),
        "Conv" => Windows.Conv(x, _attributes),
        "MaxPool" or "AveragePool" => Windows.Pool(x[0], kind == "MaxPool", _attributes),
        "GlobalMaxPool" or "GlobalAveragePool" => Windows.Global(x[0], kind == "GlobalMaxPool"),
        "Gemm" or "MatMul" => Windows.Multiply(x),
        "BatchNormalization" => Windows.BatchNorm(x, _attributes.Float("epsilon", 1e-5)),
        "LayerNormalization" => Windows.LayerNorm(x, (int)_attributes.Int("axis", -1), _attributes.Float("epsilon", 1e-5)),
        "Softmax" or "LogSoftmax" => Windows.Softmax(x[0], (int)_attributes.Int("axis", -1), kind == "LogSoftmax"),
        "Add" => Move.Broadcast(x, (a, b) => a + b),
        "Sub" => Move.Broadcast(x, (a, b) => a - b),
        "Mul" => Move.Broadcast(x, (a, b) => a * b),
        "Div" => Move.Broadcast(x, (a, b) => a / b),
        "Max" => Move.Broadcast(x, Math.Max),
        "Min" => Move.Broadcast(x, Math.Min),
        "PRelu" => Move.Broadcast(x, (a, slope) => a < 0 ? a * slope : a),
        "Clip" => Clip(x),
        _ => new(x[0].Shape, [.. x[0].Values.Select(Function(kind))]),
    };

    private static Block<double> Clip(Block<double>[] x)
    {
        double least = x[1].Values is [var low] ? low : double.NegativeInfinity;
        double most = x.ElementAtOrDefault(2)?.Values is [var high] ? high : double.PositiveInfinity;
        return new(x[0].Shape, [.. x[0].Values.Select(v => Math.Min(Math.Max(v, least), most))]);
    }

    private Func<double, double> Function(string kind)
    {
        double alpha = _attributes.Float("alpha", kind switch { "LeakyRelu" => 0.01, "HardSigmoid" => 0.2, _ => 1 });
        double beta = _attributes.Float("beta", 0.5);
        return kind switch
        {
            "Relu" => v => Math.Max(v, 0),
            "LeakyRelu" => v => v < 0 ? alpha * v : v,
            "ThresholdedRelu" => v => v > alpha ? v : 0,
            "Elu" or "Celu" => v => v < 0 ? alpha * (Math.Exp(v) - 1) : v,
            "Selu" => v => 1.0507009873554805 * (v < 0 ? 1.6732632423543772 * (Math.Exp(v) - 1) : v),
            "Sigmoid" => v => 1 / (1 + Math.Exp(-v)),
            "Tanh" => Math.Tanh,
            "Softplus" => v => Math.Log(1 + Math.Exp(v)),
            "Softsign" => v => v / (1 + Math.Abs(v)),
            "Mish" => v => v * Math.Tanh(Math.Log(1 + Math.Exp(v))),
            "Exp" => Math.Exp,
            "HardSigmoid" => v => Math.Min(Math.Max(alpha * v + beta, 0), 1),
            "HardSwish" => v => v * Math.Min(Math.Max(v / 6 + 0.5, 0), 1),
            "Gelu" => v => v / 2 * (1 + Erf(v / Math.Sqrt(2))),
            _ => throw new InvalidOperationException(kind),
        };
    }

    /// <summary>erf by its series, which converges for the values that occur.</summary>
    private static double Erf(double x)
    {
        if (Math.Abs(x) > 5)
        {
            return Math.Sign(x);
        }

        double sum = 0;
        double term = x;
        for (int n = 0; n < 200; n++)
        {
            sum += term / (2 * n + 1);
            term *= -x * x / (n + 1);
        }

        return 2 / Math.Sqrt(Math.PI) * sum;
    }
}
