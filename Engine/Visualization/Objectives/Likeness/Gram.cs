using System.Numerics;
using System.Runtime.InteropServices;

namespace Interp.Engine.Visualization.Objectives.Likeness;

/// <summary>
/// Which channels are active together, wherever that is: G_kl = (1/P) Σ_p a_kp·a_lp over the P positions of a map. L. Gatys, A. Ecker, M.
/// Bethge,
/// CVPR 2016, equation 3, with the mean in place of the sum, so that maps of different sizes compare.
/// </summary>
internal static class Gram
{
    /// <summary>Positions at a time: as many as let all channels of a deep layer stay in the second-level cache.</summary>
    private const int Strip = 128;

    /// <summary>G of one image, <c>[C,C]</c>, in float64.</summary>
    internal static double[] Of(ReadOnlySpan<float> row, MapSize size)
    {
        var gram = new double[size.Channels * size.Channels];
        var strip = new double[size.Channels * Strip];
        for (int first = 0; first < size.Plane; first += Strip)
        {
            int count = Widen(row, size, first, strip);
            for (int k = 0; k < size.Channels; k++)
            {
                for (int l = 0; l <= k; l++)
                {
                    gram[(k * size.Channels) + l] += Dot(strip.AsSpan(k * Strip, count), strip.AsSpan(l * Strip, count)) / size.Plane;
                }
            }
        }

        for (int k = 0; k < size.Channels; k++)
        {
            for (int l = 0; l < k; l++)
            {
                gram[(l * size.Channels) + k] = gram[(k * size.Channels) + l];
            }
        }

        return gram;
    }

    /// <summary>Adds ∂F/∂a = (2/P)·S·a for a symmetric S = ∂F/∂G.</summary>
    internal static void AddGradient(Span<float> sum, ReadOnlySpan<float> row, MapSize size, double[] slope)
    {
        var strip = new double[size.Channels * Strip];
        var line = new double[Strip];
        for (int first = 0; first < size.Plane; first += Strip)
        {
            int count = Widen(row, size, first, strip);
            for (int k = 0; k < size.Channels; k++)
            {
                Array.Clear(line);
                for (int l = 0; l < size.Channels; l++)
                {
                    AddScaled(line.AsSpan(0, count), strip.AsSpan(l * Strip, count), slope[(k * size.Channels) + l]);
                }

                Span<float> target = sum.Slice((k * size.Plane) + first, count);
                for (int p = 0; p < count; p++)
                {
                    target[p] += (float)(2 * line[p] / size.Plane);
                }
            }
        }
    }

    /// <summary>Σ_i a_i·b_i, the Frobenius product of two matrices, in an order that depends on the length and the machine's vectors
    /// alone.</summary>
    internal static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        ReadOnlySpan<Vector<double>> left = MemoryMarshal.Cast<double, Vector<double>>(a),
            right = MemoryMarshal.Cast<double, Vector<double>>(b);
        Vector<double> even = default, odd = default;
        int i = 0;
        for (; i + 1 < left.Length; i += 2)
        {
            even += left[i] * right[i];
            odd += left[i + 1] * right[i + 1];
        }

        double sum = Vector.Sum(even + odd);
        for (i *= Vector<double>.Count; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    private static void AddScaled(Span<double> sum, ReadOnlySpan<double> values, double factor)
    {
        Span<Vector<double>> sums = MemoryMarshal.Cast<double, Vector<double>>(sum);
        ReadOnlySpan<Vector<double>> terms = MemoryMarshal.Cast<double, Vector<double>>(values);
        var factors = new Vector<double>(factor);
        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] += terms[i] * factors;
        }

        for (int i = sums.Length * Vector<double>.Count; i < sum.Length; i++)
        {
            sum[i] += factor * values[i];
        }
    }

    /// <summary>A strip of positions of all channels; returns how many there are.</summary>
    private static int Widen(ReadOnlySpan<float> row, MapSize size, int first, double[] strip)
    {
        int count = Math.Min(Strip, size.Plane - first);
        for (int c = 0; c < size.Channels; c++)
        {
            ReadOnlySpan<float> map = row.Slice((c * size.Plane) + first, count);
            for (int p = 0; p < count; p++)
            {
                strip[(c * Strip) + p] = map[p];
            }
        }

        return count;
    }
}
