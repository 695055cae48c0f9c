using Interp.Engine.Arithmetic;

namespace Interp.Engine.Visualization.Parametrizations;

/// <summary>Images σ(M·t) of planes t = L·θ with a linear map L: what the parametrisations share.</summary>
/// <param name="canvas">The images' size.</param>
/// <param name="parametersOfPlane">How many values of θ make one plane.</param>
/// <param name="options">Whether M is lucid's, see <see cref="ParametrizationOptions.Decorrelate"/>.</param>
public abstract class ColoredParametrization(Canvas canvas, int parametersOfPlane, ParametrizationOptions options)
    : ImageParametrization(canvas)
{
    private readonly IPlaneColors _colors = options.Arithmetic.CreateColors(canvas.Channels, options.Decorrelate);
    private readonly float[] _planes = new float[canvas.Image];
    private readonly float[] _rendered = new float[canvas.Length];

    /// <inheritdoc/>
    public override float[] Parameters { get; } = new float[canvas.Count * canvas.Channels * parametersOfPlane];

    /// <inheritdoc/>
    public override void Render(Span<float> images)
    {
        for (int n = 0; n < Canvas.Count; n++)
        {
            for (int c = 0; c < Canvas.Channels; c++)
            {
                ToPlane(Own(Parameters, n, c), _planes.AsSpan(c * Canvas.Plane, Canvas.Plane));
            }

            _colors.Forward(_planes, _rendered.AsSpan(n * Canvas.Image, Canvas.Image));
        }

        _rendered.CopyTo(images);
    }

    /// <inheritdoc/>
    public override void Backward(ReadOnlySpan<float> images, Span<float> parameters)
    {
        for (int n = 0; n < Canvas.Count; n++)
        {
            _colors.Backward(_rendered.AsSpan(n * Canvas.Image, Canvas.Image), images.Slice(n * Canvas.Image, Canvas.Image), _planes);
            for (int c = 0; c < Canvas.Channels; c++)
            {
                ToGradient(_planes.AsSpan(c * Canvas.Plane, Canvas.Plane),
                    parameters.Slice(((n * Canvas.Channels) + c) * parametersOfPlane, parametersOfPlane));
            }
        }
    }

    /// <summary>Sets θ; called once by whatever makes a parametrisation.</summary>
    internal ColoredParametrization StartFrom(Start start)
    {
        if (start is Start.NoiseStart noise)
        {
            noise.Fill(Parameters);
        }
        else if (start is Start.ImageStart given)
        {
            for (int n = 0; n < Canvas.Count; n++)
            {
                float[] planes = _colors.PlanesOf(given.Values.AsSpan(n * Canvas.Image, Canvas.Image));
                for (int c = 0; c < Canvas.Channels; c++)
                {
                    FromPlane(planes.AsSpan(c * Canvas.Plane, Canvas.Plane), Own(Parameters, n, c));
                }
            }
        }

        return this;
    }

    /// <summary>One plane t of its parameters: L.</summary>
    protected abstract void ToPlane(ReadOnlySpan<float> parameters, Span<float> plane);

    /// <summary>The gradient by the parameters of one plane: the transpose of L.</summary>
    protected abstract void ToGradient(ReadOnlySpan<float> plane, Span<float> parameters);

    /// <summary>Parameters that give a plane.</summary>
    protected abstract void FromPlane(ReadOnlySpan<float> plane, Span<float> parameters);

    private Span<float> Own(float[] parameters, int image, int channel) =>
        parameters.AsSpan(((image * Canvas.Channels) + channel) * parametersOfPlane, parametersOfPlane);
}
