namespace Interp.Engine.Visualization.Parametrizations;

/// <summary>θ are the planes before the colours: one value for each pixel.</summary>
/// <param name="canvas">The pictures' size.</param>
public sealed class PixelImage(Canvas canvas) : ColoredParametrization(canvas, canvas.Plane)
{
    /// <inheritdoc/>
    protected override void ToPlane(ReadOnlySpan<float> parameters, Span<float> plane) => parameters.CopyTo(plane);

    /// <inheritdoc/>
    protected override void ToGradient(ReadOnlySpan<float> plane, Span<float> parameters) => plane.CopyTo(parameters);

    /// <inheritdoc/>
    protected override void FromPlane(ReadOnlySpan<float> plane, Span<float> parameters) => plane.CopyTo(parameters);
}
