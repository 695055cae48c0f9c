using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;

namespace Interp.Engine.Layers;

/// <summary>
/// The product of a map and a gate: y[n,c,h,w] = x[n,c,h,w]·g[n,c,0,0], as in squeeze-and-excitation, x[n,c,h,w]·g[n,0,h,w], as in spatial
/// attention, or of two inputs of one shape. Backward: R·g to the map, R·x to the gate, added up over the places that share it.
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

        return gate == map || (map.Rank == 4
            && (gate == new Shape(map[0], map[1], 1, 1) || gate == new Shape(map[0], 1, map[2], map[3])))
            ? map
            : throw new ModelException(
                $"multiply: expected a gate of shape [N,C,1,1], [N,1,H,W] or that of the map {map}, found {gate}");
    }
}
