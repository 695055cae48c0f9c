namespace Interp.Engine.Imaging.Decoding;

/// <summary>What sizes an image may have.</summary>
internal static class ImageSize
{
    /// <summary>The most pixels: 2^27, which takes about 1.2 GB while decoding.</summary>
    private const long MaximumPixels = 1L << 27;

    // The densest of the formats, deflated one-bit PNG, packs 8 · 1032 pixels into a byte.
    private const long MaximumPixelsPerByte = 10_000;

    /// <summary>Checks the size that a header gives, before memory is taken for it.</summary>
    /// <exception cref="InvalidDataException">The size is 0, too large, or more than the file can hold.</exception>
    public static void Check(long width, long height, int fileLength)
    {
        if (width < 1 || height < 1 || width > MaximumPixels || height > MaximumPixels || width * height > MaximumPixels)
        {
            throw new InvalidDataException($"its size is {width}x{height} pixels, expected 1 to {MaximumPixels} pixels; scale it down");
        }

        if (width * height > MaximumPixelsPerByte * fileLength)
        {
            throw new InvalidDataException($"its header says {width}x{height} pixels, which cannot be in a file of {fileLength} bytes");
        }
    }
}
