namespace Interp.Engine.Imaging;

/// <summary>Smoothing with a Gaussian of limited width, first along rows, then along columns; values outside count as zero. Deterministic.</summary>
public static class GaussianBlur
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
            Pass(tensor.Slice(start, rows.Length), rows, kernel, (height, width), (width, 1));
            Pass(rows, result.AsSpan(start, rows.Length), kernel, (width, height), (1, width));
        }

        return result;
    }

    private static double[] Kernel(double sigma, int radius)
    {
        double[] kernel = [.. Enumerable.Range(-radius, (2 * radius) + 1).Select(i => Math.Exp(-i * i / (2 * sigma * sigma)))];
        double sum = kernel.Sum();
        return [.. kernel.Select(k => k / sum)];
    }

    /// <summary>Smooths along lines: <paramref name="count"/> of them, each of so many values, at the given steps between lines and values.</summary>
    private static void Pass(ReadOnlySpan<float> from, Span<float> to, double[] kernel, (int Lines, int Length) count, (int Line, int Value) step)
    {
        int radius = kernel.Length / 2;
        for (int line = 0; line < count.Lines; line++)
        {
            for (int i = 0; i < count.Length; i++)
            {
                double sum = 0;
                for (int j = Math.Max(0, i - radius); j <= Math.Min(count.Length - 1, i + radius); j++)
                {
                    sum += kernel[j - i + radius] * from[(line * step.Line) + (j * step.Value)];
                }

                to[(line * step.Line) + (i * step.Value)] = (float)sum;
            }
        }
    }
}
