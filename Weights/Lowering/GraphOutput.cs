using Interp.Engine.Common;
using Interp.Engine.Functions;
using Interp.Engine.Layers;
using Interp.Engine.Models;
using Interp.Weights.Graphs;
using Interp.Weights.Graphs.Arrays;
using Interp.Weights.Lowering.Emission;
using Interp.Weights.Lowering.Values;

namespace Interp.Weights.Lowering;

/// <summary>The value that comes out of a network.</summary>
internal static class GraphOutput
{
    /// <summary>The asked one, or the only one, or the last that is a row of scores for each image.</summary>
    /// <exception cref="InputException">There is none of the asked name.</exception>
    /// <exception cref="ModelException">Which one is meant cannot be told.</exception>
    internal static string Choose(OperatorGraph graph, string? asked)
    {
        if (graph.Outputs.Length == 0)
        {
            throw new ModelException("the graph has no output");
        }

        if (asked is not null)
        {
            return graph.Outputs.Any(o => o.Name == asked) ? asked
                : throw new InputException($"option 'output' {Text.OneLine(asked)}: expected one of {List(graph)}");
        }

        return graph.Outputs is [var only] ? only.Name
            : graph.Outputs.LastOrDefault(IsScores)?.Name
            ?? throw new ModelException($"the graph has several outputs, none of them [N,classes]: {List(graph)}; choose with "
                + "option 'output'");
    }

    /// <summary>The node whose value is the output, without the last softmax or sigmoid, and which of these it was.</summary>
    /// <exception cref="ModelException">It is no node's value.</exception>
    internal static (EmittedNode Node, OutputActivation? Activation) Of(GraphLowering lowering, string output)
    {
        GraphValue value = lowering.Find(output);
        OutputActivation? activation = null;
        OperatorNode? end = null;
        if (value is Probabilities probabilities)
        {
            (value, activation, end) = (probabilities.Logits, probabilities.Activation, probabilities.Site.Operator);
        }

        if (value is ConstantValue)
        {
            throw new ModelException($"the output '{Text.OneLine(output)}' does not depend on the image");
        }

        end ??= value is Pending pending ? pending.Site.Operator : ((View)value).Node.Site?.Operator;
        if (end is null)
        {
            throw new ModelException($"the output '{Text.OneLine(output)}' is the image itself");
        }

        View view = lowering.Settle(value, end);
        Layout layout = view.Layout;
        if (layout.IsPlain && view.Node.Shape.Rank == 4 && layout.Pixels > 1)
        {
            return (view.Node, activation);
        }

        bool rows = layout.Shape.Length >= 2 && layout.Shape[0] == layout.Batch && layout.Shape.Skip(2).All(size => size == 1);
        if (!rows)
        {
            return (lowering.Maps.Find(view)?.Node ?? throw Rearranged(output, view), activation);
        }

        if (activation is null && view.Node.Layer is Activation last && last == Activation.Of(ActivationFunctions.Sigmoid))
        {
            activation = OutputActivation.Sigmoid;
            view = new View(view.Node.Inputs[0], layout, view.Site, sole: false);
        }

        (EmittedNode node, int[]? columns) = lowering.Maps.Features(view, end);
        return columns is null ? (node, activation) : throw Rearranged(output, view);
    }

    private static ModelException Rearranged(string output, View view) => new(
        $"{view.Site?.Operator.Where}: the output '{Text.OneLine(output)}' of shape {Sizes.Show(view.Shape.AsSpan())} holds the numbers of "
        + $"a layer's value {view.Node.Shape} in another order, which no layer gives; export the network without what comes after it");

    private static bool IsScores(GraphPort port) => port is { Shape: [_, _], Type: null or { IsFloat: true } };

    private static string List(OperatorGraph graph) => string.Join(", ", graph.Outputs.Take(20).Select(GraphInput.Show));
}
