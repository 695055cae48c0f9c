using Interp.Engine.Models;

namespace Interp.Engine.Imaging;

/// <summary>
/// Resizing exactly as Pillow does it, in every byte: first along the rows, then along the columns, each with coefficients of 22
/// fractional bits and rounded to 8 bits. The filter widens with the reduction. Sizes and cropping are torchvision's. Deterministic:
/// integer arithmetic on coefficients that are computed in float64.
/// </summary>
public static class Resampling
{
    private const int PrecisionBits = 22;
    private const int Half = 1 << (PrecisionBits - 1);

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
        ArgumentOutOfRangeException.ThrowIfLessThan(preprocessing.ResizeShorterSide, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Math.Min(preprocessing.Height, preprocessing.Width), 1);
        (long width, long height) = preprocessing.Resized(image.Width, image.Height);
        return Resample(image, Window(image.Width, width, preprocessing.Width), Window(image.Height, height, preprocessing.Height));

        Axis Window(int source, long resized, int middle) =>
            new(preprocessing.Interpolation, source, resized, Preprocessing.CropOffset(resized, middle), middle);
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
            new Axis(interpolation, image.Width, width, 0, width),
            new Axis(interpolation, image.Height, height, 0, height));
    }

    private static RgbImage Resample(RgbImage image, Axis horizontal, Axis vertical)
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

    private static byte[] ResampleRow(ReadOnlySpan<byte> row, Axis axis)
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

    private static byte Round(int sum) => (byte)Math.Clamp(sum >> PrecisionBits, 0, 255);

    /// <summary>
    /// One direction: for every position of the result the first source position and the coefficients from there on (none outside the
    /// image).
    /// </summary>
    private sealed class Axis
    {
        /// <param name="filter">The filter.</param>
        /// <param name="source">Size of the source.</param>
        /// <param name="resized">Size of the whole resized image.</param>
        /// <param name="offset">Where in it the result begins; may be negative.</param>
        /// <param name="length">Size of the result.</param>
        public Axis(Interpolation filter, int source, long resized, long offset, int length)
        {
            Starts = new int[length];
            Coefficients = new int[length][];
            double scale = source / (double)resized;
            for (int i = 0; i < length; i++)
            {
                long at = offset + i;
                (Starts[i], Coefficients[i]) = at >= 0 && at < resized ? Taps(filter, source, scale, at) : (0, []);
            }
        }

        public int Length => Starts.Length;

        public int[] Starts { get; }

        public int[][] Coefficients { get; }

        /// <summary>The source positions that are needed at all.</summary>
        public (int First, int End) SourceRange
        {
            get
            {
                int[] used = [.. Enumerable.Range(0, Length).Where(i => Coefficients[i].Length > 0)];
                return (used.Min(i => Starts[i]), used.Max(i => Starts[i] + Coefficients[i].Length));
            }
        }

        private static (int Start, int[] Coefficients) Taps(Interpolation filter, int source, double scale, long at)
        {
            double widening = Math.Max(scale, 1.0), support = filter.Support * widening;
            double center = (at + 0.5) * scale;
            int start = Math.Max((int)(center - support + 0.5), 0);
            int end = Math.Min((int)(center + support + 0.5), source);
            var weights = new double[end - start];
            double sum = 0;
            for (int i = 0; i < weights.Length; i++)
            {
                weights[i] = filter.Weight((i + start - center + 0.5) * (1.0 / widening));
                sum += weights[i];
            }

            return (start, [.. weights.Select(w => (int)((w < 0 ? -0.5 : 0.5) + (w / sum * (1 << PrecisionBits))))]);
        }
    }
}
