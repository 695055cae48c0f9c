using Interp.Weights.Graphs;
using Interp.Weights.Lowering.Elementwise;
using Interp.Weights.Lowering.Values;

namespace Interp.Weights.Lowering.Operators;

/// <summary>
/// A layer norm written out, as exporters did before ONNX had an operator for it: μ = mean(x), d = x − μ, d/√(mean(d²) + ε), and
/// then maybe times γ, plus β; all means along the last axis.
/// </summary>
internal sealed class LayerNormChain
{
    private readonly OperatorCall _call;
    private readonly GraphLowering _lowering;
    private readonly List<OperatorNode> _taken = [];

    private LayerNormChain(OperatorCall call) => (_call, _lowering) = (call, call.Lowering);

    /// <summary>The layer, if the mean is the first step of such a chain, whose other operators then count as lowered; null if it is
    /// not.</summary>
    internal static GraphValue? Match(OperatorCall call, View input) => new LayerNormChain(call).Match(input);

    private View? Match(View input)
    {
        string x = _call.Node.Inputs[0];
        if (Only(_call.Node.Outputs[0], "Sub") is not { } sub || sub.Inputs[0] != x || sub.Inputs[1] != _call.Node.Outputs[0])
        {
            return null;
        }

        string d = sub.Outputs[0];
        OperatorNode[] readers = [.. _lowering.ReadersOf(d)];
        OperatorNode? div = readers.FirstOrDefault(r => r.Operator == "Div" && r.Inputs[0] == d);
        OperatorNode? square = readers.FirstOrDefault(r => r != div && IsSquare(r, d));
        if (div is null || square is null || readers.Any(r => r != div && r != square)
            || Only(square.Outputs[0], "ReduceMean") is not { } mean || !IsLast(mean, input.Shape.Length)
            || Only(mean.Outputs[0], "Add") is not { } add || Constant(add, mean.Outputs[0]) is not [var epsilon]
            || Only(add.Outputs[0], "Sqrt") is not { } root || Only(root.Outputs[0], "Div") != div || div.Inputs[1] != root.Outputs[0])
        {
            return null;
        }

        _taken.AddRange([sub, square, mean, add, root, div]);
        int channels = input.Shape[^1];
        double[] gamma = AffineForm.Spread([1], channels), beta = new double[channels];
        OperatorNode last = div;
        if (Only(last.Outputs[0], "Mul") is { } mul && Constant(mul, last.Outputs[0]) is { } factors && factors.Length == channels)
        {
            (gamma, last) = (factors, mul);
            _taken.Add(mul);
        }

        if (Only(last.Outputs[0], "Add") is { } shift && Constant(shift, last.Outputs[0]) is { } added && added.Length == channels)
        {
            (beta, last) = (added, shift);
            _taken.Add(shift);
        }

        View made = NormOperators.Make(_call, input, epsilon, gamma, beta);
        foreach (OperatorNode node in _taken)
        {
            _lowering.Skip(node);
        }

        _lowering.Set(last.Outputs[0], new View(made.Node, made.Layout, made.Site, _lowering.Readers(last.Outputs[0]) == 1));
        return made;
    }

    /// <summary>The only reader of a value, if it is of that operator.</summary>
    private OperatorNode? Only(string value, string op) =>
        _lowering.Readers(value) == 1 && _lowering.ReadersOf(value) is [var only] && only.Operator == op ? only : null;

    private bool IsSquare(OperatorNode node, string value) => node.Inputs[0] == value
        && ((node.Operator == "Mul" && node.Inputs[1] == value) || (node.Operator == "Pow" && Constant(node, value) is [2]));

    private bool IsLast(OperatorNode mean, int rank)
    {
        double[]? axes = mean.Inputs.Length > 1 ? _lowering.EarlyConstant(mean.Inputs[1])
            : mean.Attributes.Ints("axes") is { } given ? [.. given.Select(a => (double)a)] : null;
        return axes is [var axis] && (axis == -1 || axis == rank - 1) && mean.Attributes.Int("keepdims", 1) != 0;
    }

    /// <summary>The numbers of an operator's other input, if they are constant and lie along the last axis alone.</summary>
    private double[]? Constant(OperatorNode node, string value)
    {
        string? other = node.Inputs.FirstOrDefault(i => i != value);
        return other is null ? null : _lowering.EarlyConstant(other);
    }
}
