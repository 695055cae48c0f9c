namespace Interp.Engine.Visualization.Parametrizations;

/// <summary>
/// Pictures as a differentiable function of parameters θ, which an optimiser changes: what the steepest way up means depends on them. C. Olah,
/// A. Mordvintsev, L. Schubert, "Feature Visualization", Distill 2017, "Preconditioning and parameterization".
/// </summary>
/// <param name="canvas">The pictures' size.</param>
public abstract class ImageParametrization(Canvas canvas)
{
    /// <summary>The pictures' size.</summary>
    public Canvas Canvas => canvas;

    /// <summary>θ: as many values for each picture, one picture after the other. Changed in place.</summary>
    public abstract float[] Parameters { get; }

    /// <summary>The pictures that θ stands for.</summary>
    /// <param name="pictures"><c>[N,3,H,W]</c>, values 0…1.</param>
    public abstract void Render(Span<float> pictures);

    /// <summary>The gradient by θ from that by the pictures: the transposed Jacobian at the θ of the last <see cref="Render"/>.</summary>
    /// <param name="pictures">∂F/∂picture, <c>[N,3,H,W]</c>.</param>
    /// <param name="parameters">Takes ∂F/∂θ, of the length of <see cref="Parameters"/>.</param>
    public abstract void Backward(ReadOnlySpan<float> pictures, Span<float> parameters);
}
