using Interp.Engine.Graph;

namespace Interp.Engine.Visualization.Objectives;

/// <summary>Where the terms of an objective add up their gradients.</summary>
/// <param name="seen">What the objective looked at: it gives the shapes.</param>
public sealed class ObjectiveGradient(Observation seen)
{
    /// <summary>∂/∂activation by node, dense, of the activation's shape; of the nodes that were looked at.</summary>
    public Dictionary<Node, float[]> Activations { get; } = [];

    /// <summary>∂/∂image, <c>[N,C,H,W]</c>, or null where no term looks at the images themselves.</summary>
    public float[]? Images { get; private set; }

    /// <summary>The place of a node's gradient, zero at first.</summary>
    public Span<float> Of(Node node)
    {
        if (!Activations.TryGetValue(node, out float[]? gradient))
        {
            Activations.Add(node, gradient = new float[seen.Activation(node).Values.Length]);
        }

        return gradient;
    }

    /// <summary>The place of the images' gradient, zero at first.</summary>
    public Span<float> OfImages() => Images ??= new float[seen.Canvas.Length];
}
