using Interp.Engine.Models;

namespace Interp.Engine.Imaging;

/// <summary>
/// Resizing exactly as Pillow does it, in every byte: first along the rows, then along the columns, each with coefficients of 22
/// fractional bits and rounded to 8 bits. The filter widens with the reduction. Sizes and cropping are torchvision's. Deterministic:
/// integer arithmetic on coefficients that are computed in float64.
/// </summary>
public static class Resampling
{
    private const int Half = 1 << (ResampleAxis.PrecisionBits - 1);

    /// <summary>
    /// torchvision's <c>Resize(shorterSide)</c> and then <c>CenterCrop(crop)</c>, bilinear. Only what the crop shows is computed, so that
    /// an image of 1×100,000 pixels costs no more than any other. Where the resized image is smaller than the crop, it is surrounded with
    /// black.
    /// </summary>
    /// <param name="image">The image.</param>
    /// <param name="shorterSide">The shorter side after resizing; the longer one is ⌊shorterSide · longer / shorter⌋.</param>
    /// <param name="crop">Width and height of the result.</param>
    public static RgbImage ResizeAndCrop(RgbImage image, int shorterSide, int crop) =>
        ResizeAndCrop(image, new Preprocessing { ResizeShorterSide = shorterSide, InputSize = crop });

    /// <summary>The same with all that a network's preparation says of sizes: its filter, and whether the image is stretched.</summary>
    /// <inheritdoc cref="ResizeAndCrop(RgbImage, int, int)"/>
    /// <param name="image">The image.</param>
    /// <param name="preprocessing">The network's preparation.</param>
    public static RgbImage ResizeAndCrop(RgbImage image, Preprocessing preprocessing)
    {
        (ResampleAxis horizontal, ResampleAxis vertical) = Axes(image.Width, image.Height, preprocessing);
        return Resample(image, horizontal, vertical);
    }

    /// <summary>The whole image at another size, as Pillow's <c>resize((width, height), …)</c>.</summary>
    /// <param name="image">The image.</param>
    /// <param name="width">Width of the result.</param>
    /// <param name="height">Height of the result.</param>
    /// <param name="interpolation">The filter, or null for the bilinear one.</param>
    public static RgbImage Resize(RgbImage image, int width, int height, Interpolation? interpolation = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        interpolation ??= Interpolation.Bilinear;
        return Resample(
            image,
            new ResampleAxis(interpolation, image.Width, width, 0, width),
            new ResampleAxis(interpolation, image.Height, height, 0, height));
    }

    /// <summary>Both directions of a network's preparation of an image of some size.</summary>
    internal static (ResampleAxis Horizontal, ResampleAxis Vertical) Axes(int width, int height, Preprocessing preprocessing)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(preprocessing.ResizeShorterSide, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Math.Min(preprocessing.Height, preprocessing.Width), 1);
        (long toWidth, long toHeight) = preprocessing.Resized(width, height);
        return (Middle(width, toWidth, preprocessing.Width), Middle(height, toHeight, preprocessing.Height));

        ResampleAxis Middle(int source, long resized, int middle) =>
            new(preprocessing.Interpolation, source, resized, Preprocessing.CropOffset(resized, middle), middle);
    }

    /// <summary>Along the rows, then along the columns; each rounded to 8 bits.</summary>
    internal static RgbImage Resample(RgbImage image, ResampleAxis horizontal, ResampleAxis vertical)
    {
        var result = new byte[3 * horizontal.Length * vertical.Length];
        (int first, int end) = vertical.SourceRange;
        var rows = new byte[end - first][];
        for (int y = 0; y < rows.Length; y++)
        {
            rows[y] = ResampleRow(image.Pixels.AsSpan(3 * image.Width * (first + y), 3 * image.Width), horizontal);
        }

        var sums = new int[3 * horizontal.Length];
        for (int y = 0; y < vertical.Length; y++)
        {
            Span<byte> to = result.AsSpan(y * sums.Length, sums.Length);
            if (vertical.Coefficients[y].Length > 0)
            {
                BlendRows(rows.AsSpan(vertical.Starts[y] - first), vertical.Coefficients[y], sums, to);
            }
        }

        return new RgbImage(horizontal.Length, vertical.Length, result);
    }

    private static byte[] ResampleRow(ReadOnlySpan<byte> row, ResampleAxis axis)
    {
        var result = new byte[3 * axis.Length];
        for (int x = 0; x < axis.Length; x++)
        {
            int[] coefficients = axis.Coefficients[x];
            ReadOnlySpan<byte> from = row.Slice(3 * axis.Starts[x], 3 * coefficients.Length);
            int red = Half, green = Half, blue = Half;
            for (int i = 0; i < coefficients.Length; i++)
            {
                int k = coefficients[i];
                red += from[3 * i] * k;
                green += from[(3 * i) + 1] * k;
                blue += from[(3 * i) + 2] * k;
            }

            result[3 * x] = Round(red);
            result[(3 * x) + 1] = Round(green);
            result[(3 * x) + 2] = Round(blue);
        }

        return result;
    }

    private static void BlendRows(ReadOnlySpan<byte[]> rows, int[] coefficients, Span<int> sums, Span<byte> to)
    {
        sums.Fill(Half);
        for (int i = 0; i < coefficients.Length; i++)
        {
            byte[] row = rows[i];
            int k = coefficients[i];
            for (int x = 0; x < sums.Length; x++)
            {
                sums[x] += row[x] * k;
            }
        }

        for (int x = 0; x < sums.Length; x++)
        {
            to[x] = Round(sums[x]);
        }
    }

    private static byte Round(int sum) => (byte)Math.Clamp(sum >> ResampleAxis.PrecisionBits, 0, 255);
}
