using Interp.Engine.Attribution.Incremental;

namespace Interp.Engine.Attribution.Perturbation;

/// <summary>
/// Square windows at a stride: the first in the upper left corner, as many as it takes to reach the last row and column, where windows are
/// cut off. (H − w)/s + 1 rows, rounded up, as captum places them.
/// </summary>
/// <param name="Height">The image's H.</param>
/// <param name="Width">The image's W.</param>
/// <param name="Window">w, at most H and W.</param>
/// <param name="Stride">s, at most w, so that every pixel lies under a window.</param>
internal sealed record WindowGrid(int Height, int Width, int Window, int Stride)
{
    /// <summary>Rows of windows.</summary>
    internal int Rows => ((Height - Window + Stride - 1) / Stride) + 1;

    /// <summary>Windows in a row.</summary>
    internal int Columns => ((Width - Window + Stride - 1) / Stride) + 1;

    /// <summary>Number of windows.</summary>
    internal int Count => Rows * Columns;

    /// <summary>A window's place.</summary>
    internal ImageBox Box(int index)
    {
        (int top, int bottom, int left, int right) = Edges(index);
        return new ImageBox(new Extent(top, bottom), new Extent(left, right));
    }

    /// <summary>For each pixel the mean over the windows that cover it, <c>[H,W]</c>.</summary>
    internal float[] Average(double[] values)
    {
        var sums = new double[Height * Width];
        var counts = new int[sums.Length];
        for (int i = 0; i < Count; i++)
        {
            (int top, int bottom, int left, int right) = Edges(i);
            for (int y = top; y < bottom; y++)
            {
                for (int x = left; x < right; x++)
                {
                    sums[(y * Width) + x] += values[i];
                    counts[(y * Width) + x]++;
                }
            }
        }

        return [.. sums.Zip(counts, (sum, count) => (float)(sum / count))];
    }

    private (int Top, int Bottom, int Left, int Right) Edges(int index)
    {
        (int row, int column) = Math.DivRem(index, Columns);
        (int top, int left) = (row * Stride, column * Stride);
        return (top, Math.Min(top + Window, Height), left, Math.Min(left + Window, Width));
    }
}
