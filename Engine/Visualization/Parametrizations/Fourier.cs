using System.Numerics;
using System.Runtime.InteropServices;

namespace Interp.Engine.Visualization.Parametrizations;

/// <summary>
/// The discrete Fourier transform of many signals at once, X_u = Σ_x x_x·e^{∓2πi·ux/n}, unscaled: any length, by its prime factors, in the self-sorting order of T. Stockham.
/// A large prime factor p costs p² operations. Values lie as <c>[n][lanes]</c>, real and imaginary parts apart, so that every operation is one of whole vectors.
/// </summary>
internal sealed class Fourier
{
    private readonly int _length;
    private readonly int[] _factors;
    private readonly double[] _cos;
    private readonly double[] _sin;

    /// <summary>Prepares a length.</summary>
    internal Fourier(int length)
    {
        _length = length;
        _factors = [.. Factors(length)];
        _cos = [.. Enumerable.Range(0, length).Select(i => Math.Cos(2 * Math.PI * i / length))];
        _sin = [.. Enumerable.Range(0, length).Select(i => Math.Sin(2 * Math.PI * i / length))];
    }

    /// <summary>Transforms <paramref name="lanes"/> signals in place.</summary>
    /// <param name="re">Real parts, <c>[n][lanes]</c>.</param>
    /// <param name="im">Imaginary parts.</param>
    /// <param name="lanes">Number of signals.</param>
    /// <param name="sign">−1 for the forward transform, +1 for the inverse.</param>
    internal void Transform(float[] re, float[] im, int lanes, int sign)
    {
        (float[] fromRe, float[] fromIm) = (re, im);
        (float[] toRe, float[] toIm) = (new float[re.Length], new float[im.Length]);
        int n = _length, stride = lanes;
        foreach (int radix in _factors)
        {
            Stage(fromRe, fromIm, toRe, toIm, n, stride, radix, sign);
            (fromRe, fromIm, toRe, toIm) = (toRe, toIm, fromRe, fromIm);
            n /= radix;
            stride *= radix;
        }

        if (!ReferenceEquals(fromRe, re))
        {
            fromRe.CopyTo(re, 0);
            fromIm.CopyTo(im, 0);
        }
    }

    /// <summary>One factor r of what is left, n = r·m: y[r·p + u] = w_n^{pu} · Σ_t w_r^{tu}·x[p + m·t].</summary>
    private void Stage(float[] xr, float[] xi, float[] yr, float[] yi, int n, int stride, int radix, int sign)
    {
        int m = n / radix, step = _length / n;
        for (int p = 0; p < m; p++)
        {
            for (int u = 0; u < radix; u++)
            {
                Span<float> outRe = yr.AsSpan(((radix * p) + u) * stride, stride), outIm = yi.AsSpan(((radix * p) + u) * stride, stride);
                for (int t = 0; t < radix; t++)
                {
                    // w_n^{pu}·w_r^{tu} = w_n^{u(p + m·t)}: one factor of the length's own table.
                    long turn = (long)u * (p + ((long)m * t)) % n * step;
                    Add(xr.AsSpan((p + (m * t)) * stride, stride), xi.AsSpan((p + (m * t)) * stride, stride), outRe, outIm, (float)_cos[turn], (float)(sign * _sin[turn]), t == 0);
                }
            }
        }
    }

    /// <summary>out (+)= x·(c + i·s).</summary>
    private static void Add(ReadOnlySpan<float> xr, ReadOnlySpan<float> xi, Span<float> outRe, Span<float> outIm, float c, float s, bool first)
    {
        int i = 0;
        ReadOnlySpan<Vector<float>> vxr = MemoryMarshal.Cast<float, Vector<float>>(xr), vxi = MemoryMarshal.Cast<float, Vector<float>>(xi);
        Span<Vector<float>> vor = MemoryMarshal.Cast<float, Vector<float>>(outRe), voi = MemoryMarshal.Cast<float, Vector<float>>(outIm);
        for (; i < vxr.Length; i++)
        {
            Vector<float> re = (c * vxr[i]) - (s * vxi[i]), im = (c * vxi[i]) + (s * vxr[i]);
            vor[i] = first ? re : vor[i] + re;
            voi[i] = first ? im : voi[i] + im;
        }

        for (i *= Vector<float>.Count; i < xr.Length; i++)
        {
            float re = (c * xr[i]) - (s * xi[i]), im = (c * xi[i]) + (s * xr[i]);
            outRe[i] = first ? re : outRe[i] + re;
            outIm[i] = first ? im : outIm[i] + im;
        }
    }

    private static IEnumerable<int> Factors(int n)
    {
        for (; n % 4 == 0; n /= 4)
        {
            yield return 4;
        }

        for (int p = 2; n > 1; p++)
        {
            for (; n % p == 0; n /= p)
            {
                yield return p;
            }
        }
    }
}
