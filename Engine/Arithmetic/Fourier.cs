using System.Numerics;
using System.Runtime.InteropServices;

namespace Interp.Engine.Arithmetic;

/// <summary>
/// The discrete Fourier transform of many signals at once, X_u = Σ_x x_x·e^{∓2πi·ux/n}, unscaled, for one length n. Values lie as
/// <c>[n][lanes]</c>, real and imaginary
/// parts apart, so that every operation is one of whole vectors and each signal's result depends on nothing else. float32; angles are
/// worked out in float64.
/// Deterministic. Holds working memory: for one caller at a time.
/// </summary>
/// <param name="length">n.</param>
internal abstract class Fourier(int length)
{
    /// <summary>The largest prime factor that is summed: from about here on a convolution takes less time, measured at 211 and
    /// 227.</summary>
    private const int LargestPrime = 230;

    /// <summary>n.</summary>
    internal int Length => length;

    /// <summary>The transform of a length: by its prime factors, or as a convolution if one of these is large.</summary>
    internal static Fourier Of(int length) =>
        PrimeFactors(length).LastOrDefault(1) <= LargestPrime ? new StockhamFourier(length) : new BluesteinFourier(length);

    /// <summary>Transforms signals in place.</summary>
    /// <param name="re">Real parts, <c>[n][lanes]</c>.</param>
    /// <param name="im">Imaginary parts.</param>
    /// <param name="inverse">Whether the exponent's sign is +. Since the inverse of z is the transform of z with both parts exchanged,
    /// exchanged again, there is no code for it.</param>
    internal void Transform(Vector<float>[] re, Vector<float>[] im, bool inverse)
    {
        if (inverse)
        {
            Forward(im, re);
        }
        else
        {
            Forward(re, im);
        }
    }

    /// <summary>Room for so many signals of this length, the last vector of each row perhaps not all used.</summary>
    internal Vector<float>[] Rows(int signals) => new Vector<float>[length * Vectors(signals)];

    /// <summary>A row of such room: one value of every signal.</summary>
    internal Span<float> Row(Vector<float>[] rows, int index)
    {
        int lanes = rows.Length / length;
        return MemoryMarshal.Cast<Vector<float>, float>(rows.AsSpan(index * lanes, lanes));
    }

    /// <summary>The transform with exponent −.</summary>
    protected abstract void Forward(Vector<float>[] re, Vector<float>[] im);

    /// <summary>Prime factors in rising order.</summary>
    protected static IEnumerable<int> PrimeFactors(int n)
    {
        for (int p = 2; n > 1; p++)
        {
            for (; n % p == 0; n /= p)
            {
                yield return p;
            }
        }
    }

    private static int Vectors(int signals) => (signals + Vector<float>.Count - 1) / Vector<float>.Count;
}
