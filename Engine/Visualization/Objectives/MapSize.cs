using Interp.Engine.Tensors;

namespace Interp.Engine.Visualization.Objectives;

/// <summary>A batch of feature maps as images × channels × positions; the features of a layer without a map have one position.</summary>
internal readonly record struct MapSize(int Count, int Channels, int Plane)
{
    /// <summary>Values of one image.</summary>
    internal int Row => Channels * Plane;

    /// <summary>From <c>[N,C,H,W]</c> or <c>[N,F]</c>.</summary>
    internal static MapSize Of(Shape shape) => new(shape[0], shape[1], shape.Rank == 4 ? shape[2] * shape[3] : 1);

    /// <summary>One image's values.</summary>
    internal ReadOnlySpan<float> Of(ReadOnlySpan<float> values, int n) => values.Slice(n * Row, Row);

    /// <inheritdoc cref="Of(ReadOnlySpan{float}, int)"/>
    internal Span<float> Of(Span<float> values, int n) => values.Slice(n * Row, Row);
}
