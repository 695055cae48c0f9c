using Interp.Engine.Common;
using Interp.Engine.Tensors;

namespace Interp.Engine.Visualization.Objectives;

/// <summary>A position in a layer's map, or its centre (⌊H/2⌋, ⌊W/2⌋), which depends on the map that is observed.</summary>
/// <param name="Place">Row y and column x, or null for the centre.</param>
public sealed record MapPosition((int Y, int X)? Place = null)
{
    /// <summary>Row and column in an activation; null in a layer without a map.</summary>
    public (int Y, int X)? In(Shape shape) => Place ?? (shape.Rank == 4 ? (shape[2] / 2, shape[3] / 2) : null);

    /// <inheritdoc/>
    public override string ToString() => Place is { } place ? $"{place.Y},{place.X}" : "c";

    /// <summary>The index in a plane.</summary>
    /// <exception cref="InputException">The map has no such position.</exception>
    internal int IndexIn(Shape shape, string objective) => In(shape) switch
    {
        null => 0,
        { } p when shape.Rank == 4 && p.Y < shape[2] && p.X < shape[3] => (p.Y * shape[3]) + p.X,
        _ => throw new InputException($"objective {objective}: for this image the layer gives {shape}; name a position inside it"),
    };
}
