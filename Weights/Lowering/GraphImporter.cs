using Interp.Engine.Common;
using Interp.Engine.Models;
using Interp.Weights.Graphs;
using Interp.Weights.Plans;

namespace Interp.Weights.Lowering;

/// <summary>What a user says of a network that its file does not hold.</summary>
internal sealed record ImportOptions
{
    /// <summary>Sides of the input in pixels where the file leaves them open; null for the usual ones.</summary>
    internal Sides? Input { get; init; }

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
    internal static ImportedNetwork Import(OperatorGraph graph, ImportOptions options) =>
        throw new ModelException($"{options.Output}{graph.Nodes[0].Where} is not supported");
}
