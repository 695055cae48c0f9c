namespace Interp.Engine.Imaging;

/// <summary>
/// Resizing exactly as Pillow does it with its bilinear filter (a triangle that widens with the reduction, so that every source pixel
/// counts): first along the rows, then along the columns, each with coefficients of 22 fractional bits and rounded to 8 bits. Sizes and
/// cropping are torchvision's. Deterministic: integer arithmetic on coefficients that are computed in float64.
/// </summary>
public static class Resampling
{
    private const int PrecisionBits = 22;
    private const int Half = 1 << (PrecisionBits - 1);

    /// <summary>
    /// torchvision's <c>Resize(shorterSide)</c> and then <c>CenterCrop(crop)</c>. Only what the crop shows is computed, so that an image
    /// of 1×100,000 pixels costs no more than any other. Where the resized image is smaller than the crop, it is surrounded with black.
    /// </summary>
    /// <param name="image">The image.</param>
    /// <param name="shorterSide">The shorter side after resizing; the longer one is ⌊shorterSide · longer / shorter⌋.</param>
    /// <param name="crop">Width and height of the result.</param>
    public static RgbImage ResizeAndCrop(RgbImage image, int shorterSide, int crop)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shorterSide, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(crop, 1);
        double shorter = Math.Min(image.Width, image.Height);
        return Resample(
            image,
            Axis.Window(image.Width, (long)(shorterSide * (long)image.Width / shorter), crop),
            Axis.Window(image.Height, (long)(shorterSide * (long)image.Height / shorter), crop));
    }

    /// <summary>The whole image at another size, as Pillow's <c>resize((width, height), BILINEAR)</c>.</summary>
    public static RgbImage Resize(RgbImage image, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        return Resample(image, new Axis(image.Width, width, 0, width), new Axis(image.Height, height, 0, height));
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

    private static byte Round(int sum) => (byte)Math.Min(sum >> PrecisionBits, 255);

    /// <summary>
    /// One direction: for every position of the result the first source position and the coefficients from there on (none outside the
    /// image).
    /// </summary>
    private sealed class Axis
    {
        /// <param name="source">Size of the source.</param>
        /// <param name="resized">Size of the whole resized image.</param>
        /// <param name="offset">Where in it the result begins; may be negative.</param>
        /// <param name="length">Size of the result.</param>
        public Axis(int source, long resized, long offset, int length)
        {
            Starts = new int[length];
            Coefficients = new int[length][];
            double scale = source / (double)resized;
            for (int i = 0; i < length; i++)
            {
                long at = offset + i;
                (Starts[i], Coefficients[i]) = at >= 0 && at < resized ? Taps(source, scale, at) : (0, []);
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

        /// <summary>
        /// The middle of the resized image, at torchvision's rounding (halves to even; padding puts the smaller half first).
        /// </summary>
        public static Axis Window(int source, long resized, int length)
        {
            long offset = resized < length
                ? -((length - resized) / 2)
                : (long)Math.Round((resized - length) / 2.0, MidpointRounding.ToEven);
            return new Axis(source, resized, offset, length);
        }

        private static (int Start, int[] Coefficients) Taps(int source, double scale, long at)
        {
            double support = Math.Max(scale, 1.0);
            double center = (at + 0.5) * scale;
            int start = Math.Max((int)(center - support + 0.5), 0);
            int end = Math.Min((int)(center + support + 0.5), source);
            var weights = new double[end - start];
            double sum = 0;
            for (int i = 0; i < weights.Length; i++)
            {
                weights[i] = Math.Max(1.0 - Math.Abs((i + start - center + 0.5) * (1.0 / support)), 0.0);
                sum += weights[i];
            }

            return (start, [.. weights.Select(w => (int)(0.5 + (w / sum * (1 << PrecisionBits))))]);
        }
    }
}
