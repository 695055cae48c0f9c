using System.Numerics;

namespace Interp.Engine.Imaging;

/// <summary>Smoothing with a Gaussian of limited width, first along rows, then along columns; values outside count as zero.
/// Deterministic.</summary>
internal static class GaussianBlur
{
    /// <summary>Each plane of a tensor smoothed.</summary>
    /// <param name="tensor"><c>[…,H,W]</c>.</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    /// <param name="sigma">The Gaussian's standard deviation in pixels.</param>
    /// <param name="radius">Pixels to each side that count: the kernel has 2·radius + 1 weights, which add up to 1.</param>
    public static float[] Apply(ReadOnlySpan<float> tensor, int height, int width, double sigma, int radius)
    {
        double[] kernel = Kernel(sigma, radius);
        var result = new float[tensor.Length];
        var rows = new float[height * width];
        for (int start = 0; start < tensor.Length; start += rows.Length)
        {
            AlongRows(tensor.Slice(start, rows.Length), rows, kernel, width);
            AlongColumns(rows, result.AsSpan(start, rows.Length), kernel, width);
        }

        return result;
    }

    private static double[] Kernel(double sigma, int radius)
    {
        double[] kernel = [.. Enumerable.Range(-radius, (2 * radius) + 1).Select(i => Math.Exp(-i * i / (2 * sigma * sigma)))];
        double sum = kernel.Sum();
        return [.. kernel.Select(k => k / sum)];
    }

    /// <summary>A row between zeros: a weight times zero leaves a sum as it is.</summary>
    private static void AlongRows(ReadOnlySpan<float> from, Span<float> to, double[] kernel, int width)
    {
        int radius = kernel.Length / 2;
        var padded = new float[width + (2 * radius)];
        for (int row = 0; row < from.Length; row += width)
        {
            from.Slice(row, width).CopyTo(padded.AsSpan(radius));
            Weigh(padded, 1, kernel, to.Slice(row, width));
        }
    }

    private static void AlongColumns(ReadOnlySpan<float> from, Span<float> to, double[] kernel, int width)
    {
        int height = from.Length / width, radius = kernel.Length / 2;
        for (int y = 0; y < height; y++)
        {
            int first = Math.Max(0, y - radius), last = Math.Min(height - 1, y + radius);
            Weigh(from[(first * width)..], width, kernel.AsSpan(first - y + radius, last - first + 1), to.Slice(y * width, width));
        }
    }

    /// <summary>to_i = Σ_t weight_t · from_{i + t·step}, each sum in float64 and in the order of t.</summary>
    private static void Weigh(ReadOnlySpan<float> from, int step, ReadOnlySpan<double> weights, Span<float> to)
    {
        Span<double> sums = stackalloc double[Vector<float>.Count];
        int i = 0;
        for (; i <= to.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector<double> low = Vector<double>.Zero, high = Vector<double>.Zero;
            for (int t = 0; t < weights.Length; t++)
            {
                Vector.Widen(new Vector<float>(from[(i + (t * step))..]), out Vector<double> nextLow, out Vector<double> nextHigh);
                low += weights[t] * nextLow;
                high += weights[t] * nextHigh;
            }

            low.CopyTo(sums);
            high.CopyTo(sums[Vector<double>.Count..]);
            for (int j = 0; j < sums.Length; j++)
            {
                to[i + j] = (float)sums[j];
            }
        }

        for (; i < to.Length; i++)
        {
            double sum = 0;
            for (int t = 0; t < weights.Length; t++)
            {
                sum += weights[t] * from[i + (t * step)];
            }

            to[i] = (float)sum;
        }
    }
}
