using System.Numerics;
using System.Runtime.InteropServices;

namespace Interp.Engine.Arithmetic;

/// <summary>
/// Real planes <c>[H,W]</c> and the half of their spectra that says everything, <c>[H, W/2 + 1]</c>, both scaled by 1/√(HW): numpy's
/// <c>irfft2</c> and <c>rfft2</c>
/// with <c>norm="ortho"</c>. Two rows a and b of the plane go through one complex transform as a + ib. Deterministic. Holds working memory:
/// for one caller at a time.
/// </summary>
internal sealed class RealFourier : IPlaneFourier
{
    private readonly Fourier _down;
    private readonly Fourier _across;
    private readonly int _height;
    private readonly int _width;
    private readonly int _pairs;
    private readonly float _scale;
    private readonly Vector<float>[] _downRe; // [H][W/2 + 1]
    private readonly Vector<float>[] _downIm;
    private readonly Vector<float>[] _acrossRe; // [W][H/2], rows y and y + pairs together
    private readonly Vector<float>[] _acrossIm;

    /// <summary>Prepares a size.</summary>
    internal RealFourier(int height, int width)
    {
        (_height, _width, _pairs) = (height, width, (height + 1) / 2);
        (_down, _across) = (Fourier.Of(height), Fourier.Of(width));
        _scale = (float)(1 / Math.Sqrt((double)height * width));
        (_downRe, _downIm) = (_down.Rows(Half), _down.Rows(Half));
        (_acrossRe, _acrossIm) = (_across.Rows(_pairs), _across.Rows(_pairs));
    }

    /// <summary>Columns of a spectrum: W/2 + 1.</summary>
    public int Half => (_width / 2) + 1;

    /// <summary>The plane of a spectrum. Imaginary parts that a real plane cannot have do not count.</summary>
    /// <param name="re">Real parts, <c>[H, W/2 + 1]</c>.</param>
    /// <param name="im">Imaginary parts.</param>
    /// <param name="plane">Takes <c>[H,W]</c>.</param>
    public void Inverse(ReadOnlySpan<float> re, ReadOnlySpan<float> im, Span<float> plane)
    {
        for (int u = 0; u < _height; u++)
        {
            re.Slice(u * Half, Half).CopyTo(_down.Row(_downRe, u));
            im.Slice(u * Half, Half).CopyTo(_down.Row(_downIm, u));
        }

        _down.Transform(_downRe, _downIm, inverse: true);
        Join();

        _across.Transform(_acrossRe, _acrossIm, inverse: true);
        for (int x = 0; x < _width; x++)
        {
            Span<float> a = _across.Row(_acrossRe, x), b = _across.Row(_acrossIm, x);
            for (int k = 0; k < _pairs; k++)
            {
                plane[(k * _width) + x] = _scale * a[k];
            }

            for (int k = 0; k < _height - _pairs; k++)
            {
                plane[((_pairs + k) * _width) + x] = _scale * b[k];
            }
        }
    }

    /// <summary>The spectrum of a plane, <c>[H, W/2 + 1]</c>.</summary>
    public void Forward(ReadOnlySpan<float> plane, Span<float> re, Span<float> im)
    {
        for (int x = 0; x < _width; x++)
        {
            Span<float> a = _across.Row(_acrossRe, x), b = _across.Row(_acrossIm, x);
            b.Clear();
            for (int k = 0; k < _pairs; k++)
            {
                a[k] = _scale * plane[(k * _width) + x];
            }

            for (int k = 0; k < _height - _pairs; k++)
            {
                b[k] = _scale * plane[((_pairs + k) * _width) + x];
            }
        }

        _across.Transform(_acrossRe, _acrossIm, inverse: false);
        Split();

        _down.Transform(_downRe, _downIm, inverse: false);
        for (int u = 0; u < _height; u++)
        {
            _down.Row(_downRe, u)[..Half].CopyTo(re[(u * Half)..]);
            _down.Row(_downIm, u)[..Half].CopyTo(im[(u * Half)..]);
        }
    }

    /// <summary>
    /// The transpose of <see cref="Inverse"/>: with plane = s·Σ_v m_v·Re(Σ_u S_uv·e^{iθ}), m_v = 1 in a column that is its own mirror image
    /// and 2 elsewhere, ∂/∂Re S + i·∂/∂Im S = m_v
    /// times the spectrum of the gradient.
    /// </summary>
    public void InverseTransposed(ReadOnlySpan<float> plane, Span<float> re, Span<float> im)
    {
        Forward(plane, re, im);
        for (int u = 0; u < _height; u++)
        {
            for (int v = 1; v < _width - v; v++)
            {
                re[(u * Half) + v] *= 2;
                im[(u * Half) + v] *= 2;
            }
        }
    }

    /// <summary>
    /// Two rows' halves A and B to the whole spectrum of a + ib: Z_v = A_v + iB_v, Z_{−v} = Ā_v + iB̄_v. A column that is its own mirror
    /// image has no imaginary part.
    /// </summary>
    private void Join()
    {
        Span<float> re = MemoryMarshal.Cast<Vector<float>, float>(_downRe.AsSpan()), im = MemoryMarshal.Cast<Vector<float>,
            float>(_downIm.AsSpan());
        int pitch = re.Length / _height;
        for (int v = 0; v < Half; v++)
        {
            int mirror = v == 0 ? 0 : _width - v;
            float kept = mirror == v ? 0 : 1;
            Span<float> zr = _across.Row(_acrossRe, v), zi = _across.Row(_acrossIm, v), mr = _across.Row(_acrossRe, mirror),
                mi = _across.Row(_acrossIm, mirror);
            for (int k = 0, a = v, b = v + (_pairs * pitch); k < _pairs; k++, a += pitch, b += pitch)
            {
                (float reA, float imA, float reB, float imB) = (re[a], kept * im[a], 0, 0);
                if (b < re.Length)
                {
                    (reB, imB) = (re[b], kept * im[b]);
                }

                (mr[k], mi[k]) = (reA + imB, reB - imA);
                (zr[k], zi[k]) = (reA - imB, reB + imA);
            }
        }
    }

    /// <summary>The reverse: A_v = (Z_v + Z̄_{−v})/2, B_v = (Z_v − Z̄_{−v})/2i.</summary>
    private void Split()
    {
        Span<float> re = MemoryMarshal.Cast<Vector<float>, float>(_downRe.AsSpan()), im = MemoryMarshal.Cast<Vector<float>,
            float>(_downIm.AsSpan());
        int pitch = re.Length / _height;
        for (int v = 0; v < Half; v++)
        {
            int mirror = v == 0 ? 0 : _width - v;
            Span<float> zr = _across.Row(_acrossRe, v), zi = _across.Row(_acrossIm, v), mr = _across.Row(_acrossRe, mirror),
                mi = _across.Row(_acrossIm, mirror);
            for (int k = 0, a = v, b = v + (_pairs * pitch); k < _pairs; k++, a += pitch, b += pitch)
            {
                (re[a], im[a]) = ((zr[k] + mr[k]) / 2, (zi[k] - mi[k]) / 2);
                if (b < re.Length)
                {
                    (re[b], im[b]) = ((zi[k] + mi[k]) / 2, (mr[k] - zr[k]) / 2);
                }
            }
        }
    }
}
