namespace Interp.Engine.Visualization.Parametrizations;

/// <summary>
/// θ are the planes' Fourier coefficients, over their expected size in photos: t = ¼·irfft2_ortho(θ·s), s = 1/max(f, 1/max(H,W)) with the frequency f in cycles a pixel. Steps then change all
/// frequencies alike, not mostly the highest. lucid's <c>fft_image</c> with decay 1 (spatial.py); real parts first, then imaginary ones.
/// </summary>
public sealed class FourierImage : ColoredParametrization
{
    /// <summary>lucid's "magic constant".</summary>
    private const float Quarter = 0.25f;

    private readonly RealFourier _fourier;
    private readonly float[] _scale;

    /// <param name="canvas">The pictures' size.</param>
    public FourierImage(Canvas canvas)
        : base(canvas, 2 * canvas.Height * ((canvas.Width / 2) + 1))
    {
        _fourier = new RealFourier(canvas.Height, canvas.Width);
        _scale = new float[canvas.Height * _fourier.Half];
        double least = 1.0 / Math.Max(canvas.Height, canvas.Width);
        for (int u = 0; u < canvas.Height; u++)
        {
            double down = (u <= (canvas.Height - 1) / 2 ? u : u - canvas.Height) / (double)canvas.Height;
            for (int v = 0; v < _fourier.Half; v++)
            {
                double across = v / (double)canvas.Width;
                _scale[(u * _fourier.Half) + v] = (float)(Quarter / Math.Max(Math.Sqrt((down * down) + (across * across)), least));
            }
        }
    }

    /// <inheritdoc/>
    protected override void ToPlane(ReadOnlySpan<float> parameters, Span<float> plane)
    {
        int n = _scale.Length;
        float[] re = parameters[..n].ToArray(), im = parameters[n..].ToArray();
        Scale(re, im);
        _fourier.Inverse(re, im, plane);
    }

    /// <inheritdoc/>
    protected override void ToGradient(ReadOnlySpan<float> plane, Span<float> parameters)
    {
        int n = _scale.Length;
        _fourier.InverseTransposed(plane, parameters[..n], parameters[n..]);
        Scale(parameters[..n], parameters[n..]);
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

    private void Scale(Span<float> re, Span<float> im)
    {
        for (int i = 0; i < _scale.Length; i++)
        {
            re[i] *= _scale[i];
            im[i] *= _scale[i];
        }
    }
}
