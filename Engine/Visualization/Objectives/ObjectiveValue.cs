using Interp.Engine.Graph;

namespace Interp.Engine.Visualization.Objectives;

/// <summary>An objective's value for each picture of a batch, and the gradient of their sum by all that it looked at.</summary>
/// <param name="Values">F_n for each picture n.</param>
public sealed record ObjectiveValue(double[] Values)
{
    /// <summary>∂ΣF/∂activation by node, dense, of the activation's shape.</summary>
    public Dictionary<Node, float[]> Activations { get; init; } = [];

    /// <summary>∂ΣF/∂picture, <c>[N,3,H,W]</c>, or null where the pictures themselves do not enter.</summary>
    public float[]? Pictures { get; init; }
}
