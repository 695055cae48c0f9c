using Interp.Engine.Common;
using Interp.Engine.Statistics;

namespace Interp.Weights.Graphs;

/// <summary>One element of the result from the elements at its place, one of each input.</summary>
internal delegate double ElementFunction(ReadOnlySpan<double> x);

/// <summary>An elementwise operator of the graph, with its attributes, as a function of its inputs' numbers: constants are computed by it,
/// and it tells which layer the operator is.</summary>
/// <param name="Operator">Its name.</param>
/// <param name="Of">The function.</param>
internal sealed record ScalarFunction(string Operator, ElementFunction Of)
{
    private const double SeluAlpha = 1.67326319217681884765625, SeluGamma = 1.05070102214813232421875;

    private static readonly Dictionary<string, Func<OperatorNode, ElementFunction>> Table = new(StringComparer.Ordinal)
    {
        ["Identity"] = _ => v => v[0],
        ["Add"] = _ => v => v[0] + v[1],
        ["Sub"] = _ => v => v[0] - v[1],
        ["Mul"] = _ => v => v[0] * v[1],
        ["Div"] = _ => v => v[0] / v[1],
        ["Pow"] = _ => v => Math.Pow(v[0], v[1]),
        ["Sum"] = _ => v => Fold(v, (a, b) => a + b),
        ["Mean"] = _ => v => Fold(v, (a, b) => a + b) / v.Length,
        ["Max"] = _ => v => Fold(v, Math.Max),
        ["Min"] = _ => v => Fold(v, Math.Min),
        ["Neg"] = _ => v => -v[0],
        ["Abs"] = _ => v => Math.Abs(v[0]),
        ["Sign"] = _ => v => double.IsNaN(v[0]) ? v[0] : Math.Sign(v[0]),
        ["Sqrt"] = _ => v => Math.Sqrt(v[0]),
        ["Reciprocal"] = _ => v => 1 / v[0],
        ["Exp"] = _ => v => Math.Exp(v[0]),
        ["Log"] = _ => v => Math.Log(v[0]),
        ["Erf"] = _ => v => ErrorFunction.Of(v[0]),
        ["Tanh"] = _ => v => Math.Tanh(v[0]),
        ["Relu"] = _ => v => v[0] < 0 ? 0 : v[0],
        ["Sigmoid"] = _ => v => Sigmoid(v[0]),
        ["HardSwish"] = _ => v => v[0] * Math.Clamp(v[0] / 6 + 0.5, 0, 1),
        ["Softplus"] = _ => v => Softplus(v[0]),
        ["Softsign"] = _ => v => v[0] / (1 + Math.Abs(v[0])),
        ["Mish"] = _ => v => v[0] * Math.Tanh(Softplus(v[0])),
        ["LeakyRelu"] = WithAlpha(0.01f, (x, a) => x < 0 ? a * x : x),
        ["ThresholdedRelu"] = WithAlpha(1, (x, a) => x > a ? x : 0),
        ["Elu"] = WithAlpha(1, (x, a) => x < 0 ? a * (Math.Exp(x) - 1) : x),
        ["Celu"] = WithAlpha(1, (x, a) => Math.Max(x, 0) + Math.Min(0, a * (Math.Exp(x / a) - 1))),
        ["Swish"] = WithAlpha(1, (x, a) => x * Sigmoid(a * x)),
        ["Selu"] = Selu,
        ["HardSigmoid"] = HardSigmoid,
        ["Gelu"] = Gelu,
        ["Clip"] = Clip,
    };

    /// <summary>How many inputs it has; 0 for any number.</summary>
    internal int Operands => Operator switch
    {
        "Add" or "Sub" or "Mul" or "Div" or "Pow" => 2,
        "Sum" or "Mean" or "Max" or "Min" or "Clip" => 0,
        _ => 1,
    };

    /// <summary>Whether there is an elementwise operator of that name.</summary>
    internal static bool Has(string name) => Table.ContainsKey(name);

    /// <summary>The function of an operator; its attributes count as read.</summary>
    /// <exception cref="ModelException">An attribute is wrong.</exception>
    internal static ScalarFunction For(OperatorNode node) => new(node.Operator, Table[node.Operator](node));

    /// <summary>One without attributes.</summary>
    internal static ScalarFunction Plain(string name) => new(name, Table[name](null!));

    private static Func<OperatorNode, ElementFunction> WithAlpha(double absent, Func<double, double, double> function) => node =>
    {
        double alpha = node.Attributes.Float("alpha", absent);
        return v => function(v[0], alpha);
    };

    private static ElementFunction Selu(OperatorNode node)
    {
        double alpha = node.Attributes.Float("alpha", SeluAlpha), gamma = node.Attributes.Float("gamma", SeluGamma);
        return v => gamma * (v[0] > 0 ? v[0] : alpha * (Math.Exp(v[0]) - 1));
    }

    private static ElementFunction HardSigmoid(OperatorNode node)
    {
        double alpha = node.Attributes.Float("alpha", 0.2), beta = node.Attributes.Float("beta", 0.5);
        return v => Math.Clamp(alpha * v[0] + beta, 0, 1);
    }

    private static ElementFunction Gelu(OperatorNode node) => node.Attributes.String("approximate", "none") switch
    {
        "none" => v => 0.5 * v[0] * (1 + ErrorFunction.Of(v[0] / Math.Sqrt(2))),
        "tanh" => v => 0.5 * v[0] * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (v[0] + 0.044715 * v[0] * v[0] * v[0]))),
        var other => throw new ModelException($"attribute 'approximate' is '{Text.OneLine(other)}', expected none or tanh"),
    };

    /// <summary>The inputs that are left out are no operands: which of the bounds is there tells the node.</summary>
    private static ElementFunction Clip(OperatorNode node)
    {
        bool hasLow = node.Inputs.Length > 1 && node.Inputs[1].Length > 0, hasHigh = node.Inputs.Length > 2 && node.Inputs[2].Length > 0;
        return v => Math.Min(hasHigh ? v[^1] : double.PositiveInfinity, Math.Max(hasLow ? v[1] : double.NegativeInfinity, v[0]));
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double Softplus(double x) => Math.Max(x, 0) + double.LogP1(Math.Exp(-Math.Abs(x)));

    private static double Fold(ReadOnlySpan<double> values, Func<double, double, double> step)
    {
        double result = values[0];
        foreach (double value in values[1..])
        {
            result = step(result, value);
        }

        return result;
    }
}
