using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Weights.Graphs;
using Interp.Weights.Graphs.Arrays;
using Interp.Weights.Lowering.Emission;
using Interp.Weights.Lowering.Values;

namespace Interp.Weights.Lowering.Operators;

/// <summary>Operators that move elements and compute nothing: they change where a view's elements lie.</summary>
internal static class MovementOperators
{
    /// <summary>Lowers a movement; all its results become views.</summary>
    internal static void Lower(OperatorCall call)
    {
        OperatorNode node = call.Node;
        GraphLowering lowering = call.Lowering;
        if (node.Operator == "Concat")
        {
            lowering.Set(node.Outputs[0], ConcatOperator.Lower(call));
            return;
        }

        int moved = Enumerable.Range(0, node.Inputs.Length).FirstOrDefault(i => Movements.IsMoved(node.Operator, i));
        GraphValue value = call.Value(moved);
        RequireConstants(call, moved);
        Func<int, Block<double>?> constants = lowering.Constants.Inputs(node);
        ImmutableArray<int>?[] shapes = [.. node.Inputs.Select((_, i) => i == moved ? value.Shape : (ImmutableArray<int>?)null)];
        Placement[] plan = Movements.Plan(node, shapes, constants, Movements.MaxElements);
        if (value is Probabilities end && plan is [SamePlacement same])
        {
            // Nothing but its shape changes.
            View view = end.Logits;
            view = new View(view.Node, view.Layout.Reshaped(same.Shape), view.Site, view.Sole);
            lowering.Set(node.Outputs[0], new Probabilities(view, end.Activation, end.Site));
            return;
        }

        View input = call.View(moved);
        if (node.Operator == "Pad" && constants(2) is { Values: [not 0] } && plan[0] is not SamePlacement)
        {
            lowering.Set(node.Outputs[0], PadWith(call, input, plan[0], constants(2)!.Values[0]));
            return;
        }

        for (int i = 0; i < plan.Length; i++)
        {
            if (i < node.Outputs.Length && node.Outputs[i].Length > 0)
            {
                lowering.Set(node.Outputs[i], Moved(call, input, plan[i], i));
            }
        }
    }

    /// <summary>Padding with another number than zero is a layer at once.</summary>
    private static View PadWith(OperatorCall call, View input, Placement placement, double value)
    {
        View map = call.Lowering.Maps.Of(input, call.Node);
        Layout layout = map.Layout.Moved(placement);
        return PixelLayers.Find(layout, value) is var (layer, function)
            ? call.Plain(call.Emit(layer, function, map.Node))
            : throw new ModelException($"padding with {value} along other axes than height and width of [N,C,H,W], which no layer does");
    }

    private static View Moved(OperatorCall call, View input, Placement placement, int output)
    {
        Layout layout = call.Node.Operator == "Transpose"
            ? input.Layout.Transposed(Axes(call, input.Shape.Length), placement)
            : input.Layout.Moved(placement);
        bool changes = placement is not SamePlacement || !placement.Shape.AsSpan().SequenceEqual(input.Shape.AsSpan());
        bool sole = input.Sole && call.Lowering.Readers(call.Node.Outputs[output]) == 1;
        var moved = new View(input.Node, layout, changes ? call.Site with { Output = output } : input.Site, sole);

        // Channels in another order are a node of their own, on which what follows builds.
        return changes && layout.IsShuffled && call.Lowering.Maps.Find(moved) is { } map ? map : moved;
    }

    private static ImmutableArray<int> Axes(OperatorCall call, int rank) => call.Attributes.Ints("perm") is { } perm
        ? [.. perm.Select(a => (int)a)]
        : [.. Enumerable.Range(0, rank).Reverse()];

    private static void RequireConstants(OperatorCall call, int moved)
    {
        for (int i = 0; i < call.Node.Inputs.Length; i++)
        {
            if (i != moved && call.Has(i) && call.Value(i) is not ConstantValue)
            {
                throw new ModelException($"input {i} depends on the image, expected a constant: what a network computes must not decide "
                    + "where its values go");
            }
        }
    }
}
