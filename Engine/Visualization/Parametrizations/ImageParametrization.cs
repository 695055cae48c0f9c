namespace Interp.Engine.Visualization.Parametrizations;

/// <summary>
/// Images as a differentiable function of parameters θ, which an optimiser changes: what the steepest way up means depends on them. C.
/// Olah, A. Mordvintsev, L. Schubert, "Feature Visualization", Distill 2017, "Preconditioning and parameterization".
/// </summary>
/// <param name="canvas">The images' size.</param>
public abstract class ImageParametrization(Canvas canvas)
{
    /// <summary>The images' size.</summary>
    public Canvas Canvas => canvas;

    /// <summary>θ: as many values for each image, one image after the other. Changed in place.</summary>
    public abstract float[] Parameters { get; }

    /// <summary>The images that θ stands for.</summary>
    /// <param name="images"><c>[N,C,H,W]</c>, values 0…1.</param>
    public abstract void Render(Span<float> images);

    /// <summary>The gradient by θ from that by the images: the transposed Jacobian at the θ of the last <see cref="Render"/>.</summary>
    /// <param name="images">∂F/∂image, <c>[N,C,H,W]</c>.</param>
    /// <param name="parameters">Takes ∂F/∂θ, of the length of <see cref="Parameters"/>.</param>
    public abstract void Backward(ReadOnlySpan<float> images, Span<float> parameters);

    /// <summary>Moves parameters that a step has led out of what is allowed back into it; by default all are allowed.</summary>
    internal virtual void Hold()
    {
    }
}
