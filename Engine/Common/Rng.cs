using System.Numerics;
using System.Runtime.CompilerServices;

namespace Interp.Engine.Common;

/// <summary>
/// Random numbers as a pure function of (seed, stream, index), so that they do not depend on the order or the number of threads in which
/// they are asked for.
/// Philox4x32-10: J. Salmon, M. Moraes, R. Dror, D. Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
/// </summary>
/// <param name="seed">The seed: Philox's key.</param>
/// <param name="stream">Which of 2^64 independent sequences: the upper half of Philox's counter.</param>
public readonly struct Rng(ulong seed, ulong stream = 0)
{
    /// <summary>Philox's key.</summary>
    internal ulong Seed => seed;

    /// <summary>The upper half of Philox's counter.</summary>
    internal ulong Stream => stream;

    /// <summary>The 128 random bits at an index, as four words.</summary>
    public (uint A, uint B, uint C, uint D) Block(ulong index)
    {
        uint a = (uint)index, b = (uint)(index >> 32), c = (uint)stream, d = (uint)(stream >> 32);
        uint k0 = (uint)seed, k1 = (uint)(seed >> 32);
        for (int round = 0; round < 10; round++)
        {
            ulong p0 = 0xD2511F53UL * a, p1 = 0xCD9E8D57UL * c;
            (a, b, c, d) = ((uint)(p1 >> 32) ^ b ^ k0, (uint)p1, (uint)(p0 >> 32) ^ d ^ k1, (uint)p0);
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }

        return (a, b, c, d);
    }

    /// <summary>A uniform number in [0,1) with 53 random bits.</summary>
    public double Uniform(ulong index)
    {
        (uint a, uint b, _, _) = Block(index);
        return Unit(a, b);
    }

    /// <summary>A number from the standard normal distribution, by the transform of G. Box and M. Muller (1958).</summary>
    public double Gaussian(ulong index)
    {
        (uint a, uint b, uint c, uint d) = Block(index);
        return Math.Sqrt(-2 * Math.Log(1 - Unit(a, b))) * Math.Cos(2 * Math.PI * Unit(c, d));
    }

    /// <summary>
    /// Many numbers from the standard normal distribution, in float32 and within ±6.8: for noise on whole images, several times as fast
    /// as <see cref="Gaussian"/>. Every index makes four, from index 0 on.
    /// </summary>
    public void Gaussians(Span<float> values)
    {
        const int Chunk = 256;
        Span<float> lengths = stackalloc float[Chunk / 2], angles = stackalloc float[Chunk / 2], chunk = stackalloc float[Chunk];
        for (int start = 0; start < values.Length; start += Chunk)
        {
            for (int i = 0; i < lengths.Length; i += 2)
            {
                (uint a, uint b, uint c, uint d) = Block((ulong)(start + (2 * i)) / 4);
                (lengths[i], lengths[i + 1], angles[i], angles[i + 1]) = (a + 0.5f, b + 0.5f, c, d);
            }

            for (int i = 0; i < lengths.Length; i += Vector<float>.Count)
            {
                Vector<float> radius = Vector.SquareRoot(-2 * Vector.Log(new Vector<float>(lengths[i..]) * (1f / (1UL << 32))));
                (Vector<float> sin, Vector<float> cos) = Vector.SinCos(new Vector<float>(angles[i..]) * (2 * MathF.PI / (1UL << 32)));
                (radius * cos).CopyTo(chunk[i..]);
                (radius * sin).CopyTo(chunk[(lengths.Length + i)..]);
            }

            chunk[..Math.Min(Chunk, values.Length - start)].CopyTo(values[start..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Unit(uint high, uint low) => ((((ulong)high << 32) | low) >> 11) * (1.0 / (1UL << 53));
}
