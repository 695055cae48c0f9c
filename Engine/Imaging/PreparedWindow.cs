using Interp.Engine.Models;

namespace Interp.Engine.Imaging;

/// <summary>
/// What a network's preparation makes of images of one size, as a linear map A of their values and its transpose: the same coefficients as
/// <see cref="Resampling"/>'s, without its two roundings to 8 bits and its clamping. Only the part of the image that the crop shows is in
/// it, in which every value counts.
/// </summary>
internal sealed class PreparedWindow
{
    private readonly ResampleAxis _horizontal, _vertical, _fromColumns, _fromRows;

    /// <param name="width">Width of the images.</param>
    /// <param name="height">Height of the images.</param>
    /// <param name="preprocessing">The network's preparation.</param>
    internal PreparedWindow(int width, int height, Preprocessing preprocessing)
    {
        (ResampleAxis horizontal, ResampleAxis vertical) = Resampling.Axes(width, height, preprocessing);
        (int left, int right) = horizontal.SourceRange;
        (int top, int bottom) = vertical.SourceRange;
        Part = new PixelWindow(left, top, right - left, bottom - top);
        (_horizontal, _vertical) = (horizontal.From(left), vertical.From(top));
        (_fromColumns, _fromRows) = (_horizontal.Transposed(Part.Width), _vertical.Transposed(Part.Height));
    }

    /// <summary>The part of the image that the network sees.</summary>
    internal PixelWindow Part { get; }

    /// <summary>What the network sees of that part, exactly as of the whole image, with the roundings.</summary>
    internal RgbImage Bytes(RgbImage part) => Resampling.Resample(part, _horizontal, _vertical);

    /// <summary>seen = A·part for one plane; where the crop is wider than the resized image it is 0.</summary>
    internal void Apply(ReadOnlySpan<float> part, Span<float> seen) => Map(_vertical, _horizontal, part, Part.Width, seen);

    /// <summary>part = Aᵀ·seen for one plane.</summary>
    internal void Transpose(ReadOnlySpan<float> seen, Span<float> part) => Map(_fromRows, _fromColumns, seen, _horizontal.Length, part);

    /// <summary>Sums in float64, rows first.</summary>
    private static void Map(ResampleAxis rows, ResampleAxis columns, ReadOnlySpan<float> from, int width, Span<float> to)
    {
        const double Unit = 1.0 / (1L << (2 * ResampleAxis.PrecisionBits));
        var sums = new double[width];
        for (int y = 0; y < rows.Length; y++)
        {
            Array.Clear(sums);
            for (int i = 0; i < rows.Coefficients[y].Length; i++)
            {
                double k = rows.Coefficients[y][i];
                ReadOnlySpan<float> row = from.Slice((rows.Starts[y] + i) * width, width);
                for (int x = 0; x < row.Length; x++)
                {
                    sums[x] += k * row[x];
                }
            }

            Span<float> line = to.Slice(y * columns.Length, columns.Length);
            for (int x = 0; x < line.Length; x++)
            {
                int[] coefficients = columns.Coefficients[x];
                int start = columns.Starts[x];
                double sum = 0;
                for (int i = 0; i < coefficients.Length; i++)
                {
                    sum += coefficients[i] * sums[start + i];
                }

                line[x] = (float)(sum * Unit);
            }
        }
    }
}
