namespace Interp.Engine.Arithmetic;

/// <summary>From three planes of any values to colours and back, or from one plane to grey.</summary>
internal interface IPlaneColors
{
    /// <summary>Planes <c>[C,H,W]</c> to colours.</summary>
    void Forward(ReadOnlySpan<float> planes, Span<float> colors);

    /// <summary>The gradient by the planes from that by the colours, and the colours themselves.</summary>
    void Backward(ReadOnlySpan<float> colors, ReadOnlySpan<float> gradient, Span<float> planes);

    /// <summary>The planes of colours, those near 0 and 1 moved inside.</summary>
    float[] PlanesOf(ReadOnlySpan<float> colors);
}
