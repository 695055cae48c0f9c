using System.Numerics;

namespace Interp.Engine.Arithmetic;

/// <summary>
/// By prime factors (and 4), in the self-sorting order of T. Stockham (1966). A prime factor p costs about p multiplications a value.
/// </summary>
internal sealed class StockhamFourier : Fourier
{
    private readonly int[] _factors;
    private readonly float[] _cos; // of 2πi/n
    private readonly float[] _sin; // of −2πi/n
    private Vector<float>[] _workRe = [];
    private Vector<float>[] _workIm = [];

    /// <param name="length">n.</param>
    internal StockhamFourier(int length)
        : base(length)
    {
        _factors = [.. Factors(length)];
        _cos = [.. Enumerable.Range(0, length).Select(i => (float)Math.Cos(2 * Math.PI * i / length))];
        _sin = [.. Enumerable.Range(0, length).Select(i => (float)-Math.Sin(2 * Math.PI * i / length))];
    }

    /// <inheritdoc/>
    protected override void Forward(Vector<float>[] re, Vector<float>[] im)
    {
        if (_workRe.Length != re.Length)
        {
            (_workRe, _workIm) = (new Vector<float>[re.Length], new Vector<float>[re.Length]);
        }

        (Vector<float>[] fromRe, Vector<float>[] fromIm, Vector<float>[] toRe, Vector<float>[] toIm) = (re, im, _workRe, _workIm);
        int n = Length, stride = re.Length / Length;
        foreach (int radix in _factors)
        {
            Stage(radix, n, stride, fromRe, fromIm, toRe, toIm);
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
    private void Stage(int radix, int n, int stride, Vector<float>[] xr, Vector<float>[] xi, Vector<float>[] yr, Vector<float>[] yi)
    {
        int m = n / radix, step = Length / n;
        for (int p = 0; p < m; p++)
        {
            int from = p * stride, to = radix * p * stride;
            switch (radix)
            {
                case 2:
                    Two(from, m * stride, to, stride, p * step, xr, xi, yr, yi);
                    break;
                case 4:
                    Four(from, m * stride, to, stride, p * step, xr, xi, yr, yi);
                    break;
                default:
                    Odd(radix, from, m * stride, to, stride, p * step, xr, xi, yr, yi);
                    break;
            }
        }
    }

    private void Two(int from, int apart, int to, int stride, int turn,
        Vector<float>[] xr, Vector<float>[] xi, Vector<float>[] yr, Vector<float>[] yi)
    {
        (float c, float s) = (_cos[turn], _sin[turn]);
        ReadOnlySpan<Vector<float>> ar = xr.AsSpan(from, stride), ai = xi.AsSpan(from, stride), br = xr.AsSpan(from + apart, stride),
            bi = xi.AsSpan(from + apart, stride);
        Span<Vector<float>> y0r = yr.AsSpan(to, stride), y0i = yi.AsSpan(to, stride), y1r = yr.AsSpan(to + stride, stride),
            y1i = yi.AsSpan(to + stride, stride);
        for (int q = 0; q < stride; q++)
        {
            Vector<float> dr = ar[q] - br[q], di = ai[q] - bi[q];
            y0r[q] = ar[q] + br[q];
            y0i[q] = ai[q] + bi[q];
            y1r[q] = (c * dr) - (s * di);
            y1i[q] = (c * di) + (s * dr);
        }
    }

    private void Four(int from, int apart, int to, int stride, int turn,
        Vector<float>[] xr, Vector<float>[] xi, Vector<float>[] yr, Vector<float>[] yi)
    {
        (float c1, float s1, float c2, float s2, float c3, float s3) = (
            _cos[turn], _sin[turn], _cos[2 * turn], _sin[2 * turn], _cos[3 * turn], _sin[3 * turn]);
        ReadOnlySpan<Vector<float>> ar = xr.AsSpan(from, stride), ai = xi.AsSpan(from, stride), br = xr.AsSpan(from + apart, stride),
            bi = xi.AsSpan(from + apart, stride),
            cr = xr.AsSpan(from + (2 * apart), stride), ci = xi.AsSpan(from + (2 * apart), stride),
                dr = xr.AsSpan(from + (3 * apart), stride), di = xi.AsSpan(from + (3 * apart), stride);
        Span<Vector<float>> y0r = yr.AsSpan(to, stride), y0i = yi.AsSpan(to, stride), y1r = yr.AsSpan(to + stride, stride),
            y1i = yi.AsSpan(to + stride, stride),
            y2r = yr.AsSpan(to + (2 * stride), stride), y2i = yi.AsSpan(to + (2 * stride), stride),
                y3r = yr.AsSpan(to + (3 * stride), stride), y3i = yi.AsSpan(to + (3 * stride), stride);
        for (int q = 0; q < stride; q++)
        {
            Vector<float> sumR = ar[q] + cr[q], sumI = ai[q] + ci[q], lessR = ar[q] - cr[q], lessI = ai[q] - ci[q];
            Vector<float> otherR = br[q] + dr[q], otherI = bi[q] + di[q], turnedR = bi[q] - di[q], turnedI = dr[q] - br[q]; // −i·(b − d)
            y0r[q] = sumR + otherR;
            y0i[q] = sumI + otherI;
            Vector<float> r1 = lessR + turnedR, i1 = lessI + turnedI, r2 = sumR - otherR, i2 = sumI - otherI, r3 = lessR - turnedR,
                i3 = lessI - turnedI;
            y1r[q] = (c1 * r1) - (s1 * i1);
            y1i[q] = (c1 * i1) + (s1 * r1);
            y2r[q] = (c2 * r2) - (s2 * i2);
            y2i[q] = (c2 * i2) + (s2 * r2);
            y3r[q] = (c3 * r3) - (s3 * i3);
            y3i[q] = (c3 * i3) + (s3 * r3);
        }
    }

    /// <summary>
    /// An odd factor r. With sums x_t + x_{r−t} and differences x_t − x_{r−t}, rows u and r − u come of the same products: a quarter of
    /// those of the plain sum.
    /// </summary>
    private void Odd(int radix, int from, int apart, int to, int stride, int turn,
        Vector<float>[] xr, Vector<float>[] xi, Vector<float>[] yr, Vector<float>[] yi)
    {
        int half = radix / 2, root = Length / radix;
        Span<Vector<float>> sumR = stackalloc Vector<float>[half + 1], sumI = stackalloc Vector<float>[half + 1];
        Span<Vector<float>> lessR = stackalloc Vector<float>[half + 1], lessI = stackalloc Vector<float>[half + 1];
        for (int q = 0; q < stride; q++)
        {
            Vector<float> firstR = xr[from + q], firstI = xi[from + q], allR = firstR, allI = firstI;
            for (int t = 1; t <= half; t++)
            {
                int near = from + (t * apart) + q, far = from + ((radix - t) * apart) + q;
                (sumR[t], sumI[t], lessR[t], lessI[t]) = (xr[near] + xr[far], xi[near] + xi[far], xr[near] - xr[far], xi[near] - xi[far]);
                allR += sumR[t];
                allI += sumI[t];
            }

            yr[to + q] = allR;
            yi[to + q] = allI;
            for (int u = 1; u <= half; u++)
            {
                Vector<float> evenR = firstR, evenI = firstI, oddR = Vector<float>.Zero, oddI = Vector<float>.Zero;
                for (int t = 1, w = u; t <= half; t++, w = w + u < radix ? w + u : w + u - radix)
                {
                    (float c, float s) = (_cos[w * root], _sin[w * root]);
                    evenR += c * sumR[t];
                    evenI += c * sumI[t];
                    oddR -= s * lessI[t];
                    oddI += s * lessR[t];
                }

                Turn(u * turn, evenR + oddR, evenI + oddI, out yr[to + (u * stride) + q], out yi[to + (u * stride) + q]);
                Turn((radix - u) * turn, evenR - oddR, evenI - oddI, out yr[to + ((radix - u) * stride) + q],
                    out yi[to + ((radix - u) * stride) + q]);
            }
        }
    }

    private void Turn(int by, Vector<float> re, Vector<float> im, out Vector<float> turnedRe, out Vector<float> turnedIm)
    {
        (float c, float s) = (_cos[by], _sin[by]);
        turnedRe = (c * re) - (s * im);
        turnedIm = (c * im) + (s * re);
    }

    private static IEnumerable<int> Factors(int n)
    {
        for (; n % 4 == 0; n /= 4)
        {
            yield return 4;
        }

        foreach (int p in PrimeFactors(n))
        {
            yield return p;
        }
    }
}
