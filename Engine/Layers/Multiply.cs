using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;

namespace Interp.Engine.Layers;

/// <summary>
/// The product of a map and a gate: y[n,c,h,w] = x[n,c,h,w]·g[n,c,0,0], as in squeeze-and-excitation, or of two inputs of one shape.
/// Backward: R·g to the map, Σ_hw R·x to the gate.
/// </summary>
public sealed record Multiply : Layer
{
    internal const string Name = "multiply";

    /// <inheritdoc/>
    public override string Kind => Name;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Shape> inputs)
    {
        if (inputs is not [var map, var gate])
        {
            throw new ModelException($"multiply: expected 2 inputs, a map and a gate, found {inputs.Length}");
        }

        return gate == map || (map.Rank == 4 && gate == new Shape(map[0], map[1], 1, 1))
            ? map
            : throw new ModelException($"multiply: expected a gate of shape [N,C,1,1] or that of the map {map}, found {gate}");
    }
}
