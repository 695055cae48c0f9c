using System.Numerics;

namespace Interp.Engine.Visualization.Objectives.Likeness;

/// <summary>
/// Which channels are active together, wherever that is: G_kl = (1/P) Σ_p a_kp·a_lp over the P positions of a map. L. Gatys, A. Ecker, M. Bethge,
/// CVPR 2016, equation 3, with the mean in place of the sum, so that maps of different sizes compare.
/// </summary>
internal static class Gram
{
    /// <summary>G of one picture, <c>[C,C]</c>, in float64.</summary>
    internal static double[] Of(ReadOnlySpan<float> row, MapSize size)
    {
        double[] maps = Widen(row);
        var gram = new double[size.Channels * size.Channels];
        for (int k = 0; k < size.Channels; k++)
        {
            for (int l = 0; l <= k; l++)
            {
                double dot = Dot(maps.AsSpan(k * size.Plane, size.Plane), maps.AsSpan(l * size.Plane, size.Plane)) / size.Plane;
                gram[(k * size.Channels) + l] = gram[(l * size.Channels) + k] = dot;
            }
        }

        return gram;
    }

    /// <summary>Adds ∂F/∂a = (2/P)·S·a for a symmetric S = ∂F/∂G.</summary>
    internal static void AddGradient(Span<float> sum, ReadOnlySpan<float> row, MapSize size, double[] slope)
    {
        double[] maps = Widen(row);
        var line = new double[size.Plane];
        for (int k = 0; k < size.Channels; k++)
        {
            Array.Clear(line);
            for (int l = 0; l < size.Channels; l++)
            {
                AddScaled(line, maps.AsSpan(l * size.Plane, size.Plane), slope[(k * size.Channels) + l]);
            }

            Span<float> target = sum.Slice(k * size.Plane, size.Plane);
            for (int p = 0; p < line.Length; p++)
            {
                target[p] += (float)(2 * line[p] / size.Plane);
            }
        }
    }

    /// <summary>Σ_i a_i·b_i, the Frobenius product of two matrices, in an order that depends on the length and the machine's vectors alone.</summary>
    internal static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        Vector<double> sums = default;
        int i = 0;
        for (; i <= a.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            sums += new Vector<double>(a[i..]) * new Vector<double>(b[i..]);
        }

        double sum = Vector.Sum(sums);
        for (; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    private static void AddScaled(Span<double> sum, ReadOnlySpan<double> values, double factor)
    {
        int i = 0;
        for (; i <= sum.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            (new Vector<double>(sum[i..]) + (new Vector<double>(values[i..]) * factor)).CopyTo(sum[i..]);
        }

        for (; i < sum.Length; i++)
        {
            sum[i] += factor * values[i];
        }
    }

    private static double[] Widen(ReadOnlySpan<float> row)
    {
        var maps = new double[row.Length];
        for (int i = 0; i < maps.Length; i++)
        {
            maps[i] = row[i];
        }

        return maps;
    }
}
