namespace Interp.Engine.Visualization.Parametrizations;

/// <summary>
/// θ are the planes before the colours: one value for each pixel, before the sigmoid. Pixels themselves, held in 0…1, would stick where
/// they meet a bound while an optimiser's momentum goes on
/// pushing; behind the sigmoid nothing has to be held, and a start near grey lies where it is steepest.
/// </summary>
/// <param name="canvas">The images' size.</param>
/// <param name="options">Whether colours are taken apart.</param>
public sealed class PixelImage(Canvas canvas, ParametrizationOptions options) : ColoredParametrization(canvas, canvas.Plane, options)
{
    /// <inheritdoc/>
    protected override void ToPlane(ReadOnlySpan<float> parameters, Span<float> plane) => parameters.CopyTo(plane);

    /// <inheritdoc/>
    protected override void ToGradient(ReadOnlySpan<float> plane, Span<float> parameters) => plane.CopyTo(parameters);

    /// <inheritdoc/>
    protected override void FromPlane(ReadOnlySpan<float> plane, Span<float> parameters) => plane.CopyTo(parameters);
}
