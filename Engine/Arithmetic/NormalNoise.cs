using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Interp.Engine.Common;

namespace Interp.Engine.Arithmetic;

/// <summary>
/// <see cref="Rng.Gaussian"/> of many indices, eight at a time, for noise on whole images: the same random bits by the same transform of
/// G. Box and M. Muller (1958) in float64, within 1e-15 of the scalar numbers, which before rounding to float32 is next to always the same.
/// Logarithm, sine and cosine are polynomials of additions and multiplications alone, so that every processor gives the same bits.
/// </summary>
/// <remarks>
/// The polynomials are those of fdlibm (Sun Microsystems, 1993): ln m for m in [√½, √2) from s = (m − 1)/(m + 1), sine and cosine within
/// ±π/4. Angles are reduced in turns, where that is exact: cos 2πv with v a multiple of 2⁻⁵³.
/// </remarks>
internal static class NormalNoise
{
    private const ulong Half = 0xFFFFFFFF;
    private const uint Multiplier0 = 0xD2511F53, Multiplier1 = 0xCD9E8D57, Step0 = 0x9E3779B9, Step1 = 0xBB67AE85;
    private const double Unit = 1.0 / (1UL << 53);

    /// <summary>noisy_i = x_i + σ·e_(first + i), rounded to float32 once.</summary>
    /// <param name="x">What noise is added to.</param>
    /// <param name="sigma">σ.</param>
    /// <param name="sequence">The sequence whose i-th number is e_i.</param>
    /// <param name="first">The index of the first value.</param>
    /// <param name="noisy">As long as <paramref name="x"/>; may be the same place.</param>
    internal static void Add(ReadOnlySpan<float> x, double sigma, Rng sequence, int first, Span<float> noisy)
    {
        int i = 0;
        for (; i + 8 <= x.Length; i += 8)
        {
            Eight(Vector256.Create(x[i..]), sigma, sequence, (ulong)(first + i)).CopyTo(noisy[i..]);
        }

        if (i < x.Length)
        {
            Span<float> rest = stackalloc float[8];
            rest.Clear();
            x[i..].CopyTo(rest);
            Eight(Vector256.Create<float>(rest), sigma, sequence, (ulong)(first + i)).CopyTo(rest);
            rest[..(x.Length - i)].CopyTo(noisy[i..]);
        }
    }

    private static Vector256<float> Eight(Vector256<float> x, double sigma, Rng sequence, ulong first)
    {
        (Vector256<double> low, Vector256<double> high) = Vector256.Widen(x);
        return Vector256.Narrow(
            low + (Vector256.Create(sigma) * Four(sequence, first)), high + (Vector256.Create(sigma) * Four(sequence, first + 4)));
    }

    /// <summary>The numbers at four indices that follow one another.</summary>
    private static Vector256<double> Four(Rng sequence, ulong first)
    {
        Vector256<ulong> index = Vector256.Create(first) + Vector256.Create(0UL, 1, 2, 3);
        Vector256<ulong> a = index, b = index >>> 32, c = Vector256.Create(sequence.Stream), d = Vector256.Create(sequence.Stream >> 32);
        (uint k0, uint k1) = ((uint)sequence.Seed, (uint)(sequence.Seed >> 32));
        for (int round = 0; round < 10; round++)
        {
            // Words are the lower halves; what the upper ones hold is never read.
            Vector256<ulong> p0 = Product(a, Multiplier0), p1 = Product(c, Multiplier1);
            a = (p1 >>> 32) ^ b ^ Vector256.Create((ulong)k0);
            b = p1;
            c = (p0 >>> 32) ^ d ^ Vector256.Create((ulong)k1);
            d = p0;
            k0 += Step0;
            k1 += Step1;
        }

        Vector256<double> radius = Vector256.Sqrt(Vector256.Create(-2.0) * Log(Vector256<double>.One - Uniform(a, b)));
        return radius * CosineOfTurns(Uniform(c, d));
    }

    /// <summary>The products of lower halves with a word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Product(Vector256<ulong> a, uint b) =>
        Avx2.IsSupported ? Avx2.Multiply(a.AsUInt32(), Vector256.Create(b)) : (a & Vector256.Create(Half)) * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Uniform(Vector256<ulong> high, Vector256<ulong> low) =>
        Vector256.ConvertToDouble(((high << 32) | (low & Vector256.Create(Half))) >>> 11) * Vector256.Create(Unit);

    /// <summary>ln u for u in (0, 1], which is no subnormal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Log(Vector256<double> u)
    {
        const ulong One = 0x3FF0000000000000, RootOfHalf = 0x3FE6A09E00000000, Exponent = 0xFFF0000000000000;
        Vector256<ulong> bits = u.AsUInt64(), shifted = bits + Vector256.Create(One - RootOfHalf);
        Vector256<double> power = ((shifted >>> 52) | Vector256.Create(0x4330000000000000UL)).AsDouble()
            - Vector256.Create(4503599627370496.0 + 1023);
        Vector256<double> f = (bits - ((shifted & Vector256.Create(Exponent)) - Vector256.Create(One))).AsDouble() - Vector256<double>.One;
        Vector256<double> s = f / (Vector256.Create(2.0) + f), z = s * s, w = z * z, half = Vector256.Create(0.5) * f * f;
        Vector256<double> even = w * Sum(w, 3.999999999940941908e-01, 2.222219843214978396e-01, 1.531383769920937332e-01);
        Vector256<double> odd = z
            * Sum(w, 6.666666666666735130e-01, 2.857142874366239149e-01, 1.818357216161805012e-01, 1.479819860511658591e-01);
        return (power * Vector256.Create(6.93147180369123816490e-01))
            - ((half - ((s * (half + (even + odd))) + (power * Vector256.Create(1.90821492927058770002e-10)))) - f);
    }

    /// <summary>cos 2πv for v in [0, 1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> CosineOfTurns(Vector256<double> v)
    {
        Vector256<double> quarter = Vector256.Floor((v * Vector256.Create(4.0)) + Vector256.Create(0.5));
        Vector256<double> x = (v - (quarter * Vector256.Create(0.25))) * Vector256.Create(2 * Math.PI), z = x * x;
        Vector256<double> half = Vector256.Create(0.5) * z, w = Vector256<double>.One - half;
        Vector256<double> cosine = w + (((Vector256<double>.One - w) - half) + (z * (z * Sum(
            z, 4.16666666666666019037e-02, Sum(z, -1.38888888888741095749e-03, Sum(
                z, 2.48015872894767294178e-05, -2.75573143513906633035e-07, 2.08757232129817482790e-09, -1.13596475577881948265e-11))))));
        Vector256<double> sine = x + (z * x * (Vector256.Create(-1.66666666666666324348e-01) + (z * Sum(
            z, 8.33333333332248946124e-03, Sum(
                z, -1.98412698298579493134e-04, 2.75573137070700676789e-06, -2.50507602534068634195e-08, 1.58969099521155010221e-10)))));
        Vector256<double> one = Vector256<double>.One, two = one + one;
        Vector256<double> isOne = Vector256.Equals(quarter, one), isOdd = isOne | Vector256.Equals(quarter, two + one);
        Vector256<double> size = Vector256.ConditionalSelect(isOdd, sine, cosine);
        return Vector256.ConditionalSelect(isOne | Vector256.Equals(quarter, two), -size, size);
    }

    /// <summary>c + z·rest: a step of Horner's scheme.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Sum(Vector256<double> z, double c, Vector256<double> rest) => (rest * z) + Vector256.Create(c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Sum(Vector256<double> z, double a, double b, double c) =>
        Sum(z, a, Sum(z, b, Vector256.Create(c)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Sum(Vector256<double> z, double a, double b, double c, double d) =>
        Sum(z, a, Sum(z, b, c, d));
}
