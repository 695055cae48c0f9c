using Interp.Engine.Graph;

namespace Interp.Engine.Visualization.Objectives;

/// <summary>An objective's value for each image of a batch, and the gradient of their sum by all that it looked at.</summary>
/// <param name="Values">F_n for each image n.</param>
public sealed record ObjectiveValue(double[] Values)
{
    /// <summary>∂ΣF/∂activation by node, dense, of the activation's shape.</summary>
    public Dictionary<Node, float[]> Activations { get; init; } = [];

    /// <summary>∂ΣF/∂image, <c>[N,C,H,W]</c>, or null where the images themselves do not enter.</summary>
    public float[]? Images { get; init; }
}
