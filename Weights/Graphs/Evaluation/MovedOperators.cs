using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Weights.Graphs.Arrays;

namespace Interp.Weights.Graphs.Evaluation;

/// <summary>Movements of constants.</summary>
internal static class MovedOperators
{
    internal static GraphTensor[] Evaluate(ConstantArguments x)
    {
        string op = x.Node.Operator;
        GraphTensor?[] inputs = [.. Enumerable.Range(0, x.Inputs).Select(x.Optional)];
        GraphTensor?[] moved = [.. inputs.Select((t, k) => Movements.IsMoved(op, k) ? t : null)];
        GraphTensor first = moved.FirstOrDefault(t => t is not null) ?? throw new ModelException("an input is missing");
        double fill = op == "Pad" && inputs.Length > 2 && inputs[2] is not null ? x.Number(2) : 0;
        Placement[] plan = Movements.Plan(
            x.Node, [.. moved.Select(t => t is null ? null : (ImmutableArray<int>?)ConstantArguments.ShapeOf(t))],
            k => x.Optional(k) is { } tensor ? ConstantArguments.Read(tensor) : null, ConstantArguments.Limit(moved));
        return [.. plan.Select(p => p is SamePlacement && p.Shape.SequenceEqual(ConstantArguments.ShapeOf(first)) ? first
            : new PlacedTensor(x.Node, first.Type, p, moved, fill))];
    }

    /// <summary>Nothing is dropped when a network is only run.</summary>
    internal static GraphTensor[] Dropout(ConstantArguments x)
    {
        x.Attributes.Ignore("seed", "ratio");
        return x.Optional(2) is not null && x.Number(2) != 0 ? throw new ModelException("training_mode is not supported")
            : [x.Tensor(0), .. x.Node.Outputs.Length > 1 ? ElementOperators.Test(x, _ => true) : []];
    }
}
