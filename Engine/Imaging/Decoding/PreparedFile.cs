using StbImageSharp;

namespace Interp.Engine.Imaging.Decoding;

/// <summary>An image file made ready for the image library, and what to do with the pixels that the library gives.</summary>
/// <param name="Data">The bytes to decode.</param>
internal sealed record PreparedFile(byte[] Data)
{
    /// <summary>The EXIF orientation of the pixels as they are stored.</summary>
    public int Orientation { get; init; } = 1;

    /// <summary>Where the image ends; decoding that stops before has missed something.</summary>
    public int End { get; init; }

    /// <summary>Of so many columns only the first holds the image: the library was shown the bytes of 16-bit values as columns.</summary>
    public int Step { get; init; } = 1;

    /// <summary>Whether the file's values have 16 bits, of which the high byte is kept.</summary>
    public bool IsWide { get; init; }

    /// <summary>What is doubtful about the file, or null.</summary>
    public string? Remark { get; init; }

    /// <summary>The image, upright.</summary>
    public RgbImage Finish(ImageResult decoded)
    {
        byte[] pixels = decoded.Data;
        if (Step > 1)
        {
            pixels = new byte[decoded.Data.Length / Step];
            for (int i = 0; i < pixels.Length; i += 3)
            {
                decoded.Data.AsSpan(i * Step, 3).CopyTo(pixels.AsSpan(i));
            }
        }

        RgbImage upright = ExifOrientation.Apply(new RgbImage(decoded.Width / Step, decoded.Height, pixels), Orientation);
        return new RgbImage(upright.Width, upright.Height, upright.Pixels) { Remark = Remark ?? (IsWide ? LowBits(upright.Pixels) : null) };
    }

    /// <summary>Sensors of 10 to 14 bits are often stored in 16 as they are, which leaves the high byte, all that is kept, nearly
    /// empty.</summary>
    private static string? LowBits(byte[] highBytes)
    {
        int bits = highBytes.Max() switch { 0 => 8, < 4 => 10, < 16 => 12, < 64 => 14, _ => 16 };
        return bits == 16 ? null
            : $"its 16-bit values are all below {1 << bits} of 65536, so it is nearly black: if its samples have {bits} bits, multiply "
            + "them by "
                + $"{1 << (16 - bits)} and save it again (magick IN -evaluate multiply {1 << (16 - bits)} OUT)";
    }
}
