using Interp.Engine.Common;
using Interp.Engine.Layers;
using Interp.Engine.Models;
using Interp.Weights.Graphs;
using Interp.Weights.Lowering.Emission;
using Interp.Weights.Plans;

namespace Interp.Weights.Lowering;

/// <summary>What a user says of a network that its file does not hold.</summary>
internal sealed record ImportOptions
{
    /// <summary>Sides of the input in pixels where the file leaves them open; null for the usual ones.</summary>
    internal Sides? InputSize { get; init; }

    /// <summary>Whether the input's channels stand last (true) or first (false) where the file does not tell; null to find it.</summary>
    internal bool? ChannelsLast { get; init; }

    /// <summary>The value that comes out, or null for the last of shape [N,classes].</summary>
    internal string? Output { get; init; }
}

/// <summary>A network made of a graph.</summary>
/// <param name="Plan">Its layers; what was assumed is in it.</param>
/// <param name="Height">Height of its input in pixels.</param>
/// <param name="Width">Width of its input in pixels.</param>
/// <param name="Activation">How its logits become probabilities, where the file says it.</param>
internal sealed record ImportedNetwork(ModelPlan Plan, int Height, int Width, OutputActivation? Activation);

/// <summary>Makes a network of layers of a graph of operators.</summary>
internal static class GraphImporter
{
    /// <summary>Lowers a graph, or ends with the first operator that cannot be expressed exactly.</summary>
    /// <exception cref="InputException">An option does not fit the graph.</exception>
    /// <exception cref="ModelException">Something in it is not supported, or wrong; the message names the operator, its node and its
    /// module.</exception>
    internal static ImportedNetwork Import(OperatorGraph graph, ImportOptions options)
    {
        string output = GraphOutput.Choose(graph, options.Output);
        var use = new GraphUse(graph, output);
        GraphInput input = GraphInput.Of(graph, 2, options);
        if (use.ConditionOn(graph, input.Name) is { } condition)
        {
            throw new ModelException($"{condition.Where}: which branch is taken depends on the image: only a network without "
                + "such conditions can be read");
        }

        try
        {
            return Lower(graph, output, use, input);
        }
        catch (ModelException e) when (use.HasAttention(graph) && !e.Message.Contains("attention", StringComparison.Ordinal))
        {
            throw new ModelException($"{e.Message}; networks with attention are not supported yet", e);
        }
        catch (ModelException) when (GraphInput.Of(graph, 1, options) is var single && single.Batch < input.Batch
            && TryLower(graph, output, use, single) is { } network)
        {
            network.Plan.Assume("the graph takes one image at a time: it cannot run on several together");
            return network;
        }
    }

    private static ImportedNetwork? TryLower(OperatorGraph graph, string output, GraphUse use, GraphInput input)
    {
        try
        {
            return Lower(graph, output, use, input);
        }
        catch (ModelException)
        {
            return null;
        }
    }

    private static ImportedNetwork Lower(OperatorGraph graph, string output, GraphUse use, GraphInput input)
    {
        var lowering = new GraphLowering(graph, use, input);
        lowering.Run(graph.Nodes);
        (EmittedNode last, OutputActivation? activation) = GraphOutput.Of(lowering, output);
        List<EmittedNode> nodes = lowering.Network.Needed(last);
        ModuleNames.Assign(graph, nodes);
        var plan = new ModelPlan(input.Node[1]);
        foreach (string line in input.Said.Concat(lowering.Assumptions))
        {
            plan.Assume(line);
        }

        foreach (EmittedNode node in nodes.Where(n => n.Layer is not Input))
        {
            plan.Add(node.Name, node.Layer, [.. node.Inputs.Select(i => i.Name)], Tensors(node));
        }

        return new ImportedNetwork(plan, input.Node[2], input.Node[3], activation);
    }

    private static TensorRecipe[] Tensors(EmittedNode node) =>
        [.. node.Tensors.Select((tensor, i) => tensor($"{node.Name}.{(i == 0 ? "weight" : "bias")}"))];
}
