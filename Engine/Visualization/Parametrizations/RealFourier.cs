namespace Interp.Engine.Visualization.Parametrizations;

/// <summary>
/// Real planes <c>[H,W]</c> and the half of their spectra that says everything, <c>[H, W/2 + 1]</c>, both scaled by 1/√(HW): numpy's <c>irfft2</c> and <c>rfft2</c>
/// with <c>norm="ortho"</c>. Deterministic.
/// </summary>
internal sealed class RealFourier
{
    private readonly Fourier _down;
    private readonly Fourier _across;
    private readonly int _height;
    private readonly int _width;
    private readonly double _scale;

    /// <summary>Prepares a size.</summary>
    internal RealFourier(int height, int width)
    {
        (_height, _width) = (height, width);
        _down = new Fourier(height);
        _across = new Fourier(width);
        _scale = 1 / Math.Sqrt((double)height * width);
    }

    /// <summary>Columns of a spectrum: W/2 + 1.</summary>
    internal int Half => (_width / 2) + 1;

    /// <summary>The plane of a spectrum. Imaginary parts that a real plane cannot have do not count.</summary>
    /// <param name="re">Real parts, <c>[H, W/2 + 1]</c>; overwritten.</param>
    /// <param name="im">Imaginary parts; overwritten.</param>
    /// <param name="plane">Takes <c>[H,W]</c>.</param>
    internal void Inverse(float[] re, float[] im, Span<float> plane)
    {
        _down.Transform(re, im, Half, +1);
        float[] fullRe = new float[_width * _height], fullIm = new float[_width * _height];
        for (int v = 0; v < Half; v++)
        {
            bool own = IsOwnMirror(v);
            for (int y = 0; y < _height; y++)
            {
                (float a, float b) = (re[(y * Half) + v], own ? 0 : im[(y * Half) + v]);
                (fullRe[(v * _height) + y], fullIm[(v * _height) + y]) = (a, b);
                if (!own)
                {
                    (fullRe[((_width - v) * _height) + y], fullIm[((_width - v) * _height) + y]) = (a, -b);
                }
            }
        }

        _across.Transform(fullRe, fullIm, _height, +1);
        for (int y = 0; y < _height; y++)
        {
            for (int x = 0; x < _width; x++)
            {
                plane[(y * _width) + x] = (float)(_scale * fullRe[(x * _height) + y]);
            }
        }
    }

    /// <summary>The spectrum of a plane, <c>[H, W/2 + 1]</c>.</summary>
    internal void Forward(ReadOnlySpan<float> plane, Span<float> re, Span<float> im)
    {
        float[] fullRe = new float[_width * _height], fullIm = new float[_width * _height];
        for (int y = 0; y < _height; y++)
        {
            for (int x = 0; x < _width; x++)
            {
                fullRe[(x * _height) + y] = plane[(y * _width) + x];
            }
        }

        _across.Transform(fullRe, fullIm, _height, -1);
        float[] halfRe = new float[_height * Half], halfIm = new float[_height * Half];
        for (int v = 0; v < Half; v++)
        {
            for (int y = 0; y < _height; y++)
            {
                halfRe[(y * Half) + v] = (float)(_scale * fullRe[(v * _height) + y]);
                halfIm[(y * Half) + v] = (float)(_scale * fullIm[(v * _height) + y]);
            }
        }

        _down.Transform(halfRe, halfIm, Half, -1);
        halfRe.CopyTo(re);
        halfIm.CopyTo(im);
    }

    /// <summary>
    /// The transpose of <see cref="Inverse"/>: with plane = s·Σ_v m_v·Re(Σ_u S_uv·e^{iθ}), m_v = 1 in a column that is its own mirror image and 2 elsewhere, ∂/∂Re S + i·∂/∂Im S = m_v
    /// times the spectrum of the gradient.
    /// </summary>
    internal void InverseTransposed(ReadOnlySpan<float> plane, Span<float> re, Span<float> im)
    {
        Forward(plane, re, im);
        for (int i = 0; i < re.Length; i++)
        {
            if (!IsOwnMirror(i % Half))
            {
                re[i] *= 2;
                im[i] *= 2;
            }
        }
    }

    private bool IsOwnMirror(int v) => v == 0 || 2 * v == _width;
}
