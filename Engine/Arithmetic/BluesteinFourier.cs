using System.Numerics;

namespace Interp.Engine.Arithmetic;

/// <summary>
/// Any length as a convolution: with c_x = e^{−πi·x²/n}, X_u = c_u·Σ_x (x_x·c_x)·c̄_{u−x}, done by transforms of a length whose factors are
/// at most 5. L. Bluestein,
/// "A linear filtering approach to the computation of discrete Fourier transform" (1970).
/// </summary>
internal sealed class BluesteinFourier : Fourier
{
    private readonly StockhamFourier _inner;
    private readonly float[] _cos;
    private readonly float[] _sin;
    private readonly float[] _filterRe; // the spectrum of c̄ over the inner length
    private readonly float[] _filterIm;
    private Vector<float>[] _workRe = [];
    private Vector<float>[] _workIm = [];

    /// <param name="length">n.</param>
    internal BluesteinFourier(int length)
        : base(length)
    {
        int size = (2 * length) - 1;
        while (PrimeFactors(size).Last() > 5)
        {
            size++;
        }

        _inner = new StockhamFourier(size);
        double[] angles = [.. Enumerable.Range(0, length).Select(x => -Math.PI * ((long)x * x % (2 * length)) / length)];
        _cos = [.. angles.Select(a => (float)Math.Cos(a))];
        _sin = [.. angles.Select(a => (float)Math.Sin(a))];
        (_filterRe, _filterIm) = Filter(angles, size);
    }

    /// <inheritdoc/>
    protected override void Forward(Vector<float>[] re, Vector<float>[] im)
    {
        int lanes = re.Length / Length;
        if (_workRe.Length != lanes * _inner.Length)
        {
            (_workRe, _workIm) = (new Vector<float>[lanes * _inner.Length], new Vector<float>[lanes * _inner.Length]);
        }

        Multiply(re, im, _workRe, _workIm, _cos, _sin, lanes);
        _workRe.AsSpan(re.Length).Clear();
        _workIm.AsSpan(re.Length).Clear();
        _inner.Transform(_workRe, _workIm, inverse: false);
        Multiply(_workRe, _workIm, _workRe, _workIm, _filterRe, _filterIm, lanes);
        _inner.Transform(_workRe, _workIm, inverse: true);
        Multiply(_workRe, _workIm, re, im, _cos, _sin, lanes);
    }

    /// <summary>Rows by one complex number each; as many rows as there are numbers.</summary>
    private static void Multiply(Vector<float>[] re, Vector<float>[] im, Vector<float>[] toRe, Vector<float>[] toIm, float[] cos,
        float[] sin, int lanes)
    {
        for (int row = 0, i = 0; row < cos.Length; row++)
        {
            (float c, float s) = (cos[row], sin[row]);
            for (int end = i + lanes; i < end; i++)
            {
                (toRe[i], toIm[i]) = ((c * re[i]) - (s * im[i]), (c * im[i]) + (s * re[i]));
            }
        }
    }

    /// <summary>
    /// The spectrum of c̄, which is symmetric: Σ_x c̄_x·cos(2πux/size), in float64, over the size, which the inverse leaves to do.
    /// </summary>
    private static (float[] Re, float[] Im) Filter(double[] angles, int size)
    {
        double[] chirpRe = [.. angles.Select(Math.Cos)], chirpIm = [.. angles.Select(Math.Sin)];
        double[] cos = [.. Enumerable.Range(0, size).Select(i => Math.Cos(2 * Math.PI * i / size))];
        var (re, im) = (new float[size], new float[size]);
        for (int u = 0; u < size; u++)
        {
            (double sumRe, double sumIm) = (1, 0);
            for (int x = 1; x < angles.Length; x++)
            {
                double w = 2 * cos[(long)u * x % size];
                sumRe += w * chirpRe[x];
                sumIm -= w * chirpIm[x];
            }

            (re[u], im[u]) = ((float)(sumRe / size), (float)(sumIm / size));
        }

        return (re, im);
    }
}
