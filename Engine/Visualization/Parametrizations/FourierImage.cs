using Interp.Engine.Arithmetic;

namespace Interp.Engine.Visualization.Parametrizations;

/// <summary>
/// θ are the planes' Fourier coefficients, over their expected size in photos: t = ¼·irfft2_ortho(θ·s), s = 1/max(f, 1/max(H,W))^p with the
/// frequency f in cycles a pixel. Steps then change all
/// frequencies alike, not mostly the highest. p is <see cref="ParametrizationOptions.Decay"/>. lucid's <c>fft_image</c> (spatial.py); real
/// parts first, then imaginary ones.
/// </summary>
public sealed class FourierImage : ColoredParametrization
{
    /// <summary>lucid's "magic constant".</summary>
    private const float Quarter = 0.25f;

    private readonly IPlaneFourier _fourier;
    private readonly float[] _scale;
    private readonly float[] _spectrum;

    /// <param name="canvas">The images' size.</param>
    /// <param name="options">The decay, and whether colours are taken apart.</param>
    public FourierImage(Canvas canvas, ParametrizationOptions options)
        : base(canvas, 2 * canvas.Height * ((canvas.Width / 2) + 1), options)
    {
        _fourier = options.Arithmetic.CreateFourier(canvas.Height, canvas.Width);
        _scale = new float[canvas.Height * _fourier.Half];
        _spectrum = new float[2 * _scale.Length];
        double least = 1.0 / Math.Max(canvas.Height, canvas.Width);
        for (int u = 0; u < canvas.Height; u++)
        {
            double down = (u <= (canvas.Height - 1) / 2 ? u : u - canvas.Height) / (double)canvas.Height;
            for (int v = 0; v < _fourier.Half; v++)
            {
                double across = v / (double)canvas.Width;
                _scale[(u * _fourier.Half) + v] = (float)(
                    Quarter / Math.Pow(Math.Max(Math.Sqrt((down * down) + (across * across)), least), options.Decay));
            }
        }
    }

    /// <inheritdoc/>
    protected override void ToPlane(ReadOnlySpan<float> parameters, Span<float> plane)
    {
        int n = _scale.Length;
        Scale(parameters, _spectrum);
        _fourier.Inverse(_spectrum.AsSpan(0, n), _spectrum.AsSpan(n), plane);
    }

    /// <inheritdoc/>
    protected override void ToGradient(ReadOnlySpan<float> plane, Span<float> parameters)
    {
        int n = _scale.Length;
        _fourier.InverseTransposed(plane, parameters[..n], parameters[n..]);
        Scale(parameters, parameters);
    }

    /// <inheritdoc/>
    protected override void FromPlane(ReadOnlySpan<float> plane, Span<float> parameters)
    {
        int n = _scale.Length;
        _fourier.Forward(plane, parameters[..n], parameters[n..]);
        for (int i = 0; i < n; i++)
        {
            parameters[i] /= _scale[i];
            parameters[n + i] /= _scale[i];
        }
    }

    private void Scale(ReadOnlySpan<float> from, Span<float> to)
    {
        int n = _scale.Length;
        for (int i = 0; i < n; i++)
        {
            to[i] = from[i] * _scale[i];
            to[n + i] = from[n + i] * _scale[i];
        }
    }
}
