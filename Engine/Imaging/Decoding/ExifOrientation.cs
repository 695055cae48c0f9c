using System.Buffers.Binary;

namespace Interp.Engine.Imaging.Decoding;

/// <summary>
/// The orientation that a camera writes beside an image (EXIF tag 0x0112), 1 to 8 as the EXIF and TIFF standards number them.
/// </summary>
internal static class ExifOrientation
{
    /// <summary>The orientation of an image whose left and right have changed places.</summary>
    internal const int Mirrored = 2;

    private const int Tag = 0x0112;
    private const int Short = 3, Long = 4, SignedShort = 8, SignedLong = 9, Directory = 13;

    /// <summary>
    /// The orientation in a TIFF block; 1, upright, when there is none or the block is damaged: an image is worth more than its notes. The
    /// standard wants a SHORT; some programs write other whole numbers of 16 or 32 bits, which Pillow reads too.
    /// </summary>
    public static int Read(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8 || !(tiff.StartsWith("II*\0"u8) || tiff.StartsWith("MM\0*"u8)))
        {
            return 1;
        }

        bool little = tiff[0] == 'I';
        uint directory = UInt32(tiff[4..], little);
        if (directory > tiff.Length - 2)
        {
            return 1;
        }

        ReadOnlySpan<byte> entries = tiff[((int)directory + 2)..];
        int count = Math.Min(UInt16(tiff[(int)directory..], little), entries.Length / 12);
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> entry = entries.Slice(12 * i, 12);
            if (UInt16(entry, little) == Tag)
            {
                uint value = UInt16(entry[2..], little) switch
                {
                    Short or SignedShort => (uint)UInt16(entry[8..], little),
                    Long or SignedLong or Directory => UInt32(entry[8..], little),
                    _ => 0,
                };
                return value is >= 1 and <= 8 && UInt32(entry[4..], little) > 0 ? (int)value : 1;
            }
        }

        return 1;
    }

    /// <summary>The image turned upright.</summary>
    public static RgbImage Apply(RgbImage image, int orientation)
    {
        if (orientation == 1)
        {
            return image;
        }

        (int width, int height) = orientation >= 5 ? (image.Height, image.Width) : (image.Width, image.Height);
        var pixels = new byte[image.Pixels.Length];
        for (int y = 0, to = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++, to += 3)
            {
                (int u, int v) = orientation switch
                {
                    Mirrored => (width - 1 - x, y),
                    3 => (width - 1 - x, height - 1 - y),
                    4 => (x, height - 1 - y),
                    5 => (y, x),
                    6 => (y, width - 1 - x),
                    7 => (height - 1 - y, width - 1 - x),
                    _ => (height - 1 - y, x),
                };
                image.Pixels.AsSpan(3 * ((v * image.Width) + u), 3).CopyTo(pixels.AsSpan(to));
            }
        }

        return new RgbImage(width, height, pixels);
    }

    private static int UInt16(ReadOnlySpan<byte> from, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(from) : BinaryPrimitives.ReadUInt16BigEndian(from);

    private static uint UInt32(ReadOnlySpan<byte> from, bool little) =>
        little ? BinaryPrimitives.ReadUInt32LittleEndian(from) : BinaryPrimitives.ReadUInt32BigEndian(from);
}
