namespace Interp.Engine.Imaging;

/// <summary>An image of 8-bit RGB values: row-major, top row first, three bytes a pixel.</summary>
public sealed class RgbImage
{
    /// <summary>An image over existing bytes.</summary>
    /// <exception cref="ArgumentException">The number of bytes is not width·height·3.</exception>
    public RgbImage(int width, int height, byte[] pixels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (pixels.LongLength != 3L * width * height)
        {
            string found = $"an image of {width}x{height} needs {3L * width * height} bytes, {pixels.LongLength} were given";
            throw new ArgumentException(found, nameof(pixels));
        }

        Width = width;
        Height = height;
        Pixels = pixels;
    }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>The bytes: red, green, blue of the first pixel of the first row, and so on.</summary>
    public byte[] Pixels { get; }

    /// <summary>What is doubtful about the file that it was read from, such as 12-bit values in 16 bits; null if nothing is.</summary>
    public string? Remark { get; init; }

    /// <summary>A part of the image.</summary>
    internal RgbImage Part(int left, int top, int width, int height)
    {
        var pixels = new byte[3 * width * height];
        for (int y = 0; y < height; y++)
        {
            Pixels.AsSpan(3 * (((top + y) * Width) + left), 3 * width).CopyTo(pixels.AsSpan(3 * y * width));
        }

        return new RgbImage(width, height, pixels);
    }
}
