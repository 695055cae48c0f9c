using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Interp.Engine.Common;
using Interp.Engine.Imaging.Decoding;
using Interp.Engine.Models;

namespace Interp.Engine.Imaging;

/// <summary>
/// A mark in a PNG file that its image is a network's input already: a tEXt chunk (PNG Specification, third edition, W3C 2025) with the
/// keyword <c>interp:prepared</c> and the text <c>HEIGHTxWIDTH</c>. Resized and cropped once more, such an image would be another one: an
/// adversarial image would lose what was done to it.
/// </summary>
public static class PreparedMark
{
    /// <summary>The chunk's keyword.</summary>
    public const string Keyword = "interp:prepared";

    private const int Head = 8, Checksum = 4;
    private const int LongestText = 32;

    /// <summary>The text that marks an image of that size.</summary>
    public static string TextOf(RgbImage image) => string.Create(CultureInfo.InvariantCulture, $"{image.Height}x{image.Width}");

    /// <summary>The text of a PNG file's mark; null where there is none, or the file is no PNG. Only the heads of its chunks are looked
    /// at.</summary>
    public static string? Read(ReadOnlySpan<byte> file)
    {
        if (!file.StartsWith(PngFile.Signature))
        {
            return null;
        }

        for (file = file[PngFile.Signature.Length..]; file.Length >= Head;)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(file);
            if (length > file.Length - Head)
            {
                return null;
            }

            ReadOnlySpan<byte> type = file[4..Head], data = file.Slice(Head, (int)length);
            if (type.SequenceEqual("tEXt"u8) && data.Length <= Keyword.Length + 1 + LongestText && data.StartsWith("interp:prepared\0"u8))
            {
                return Encoding.Latin1.GetString(data[(Keyword.Length + 1)..]);
            }

            file = file[Math.Min(file.Length, Head + (int)length + Checksum)..];
        }

        return null;
    }

    /// <summary>Whether an image is to be taken as it is, and what is to be said of it.</summary>
    /// <exception cref="InputException">It is to be, and has another size than the network's input.</exception>
    internal static (bool IsPrepared, string? Remark) Judge(ReadOnlySpan<byte> file, string name, RgbImage image, Preprocessing units)
    {
        bool fits = (image.Height, image.Width) == (units.Height, units.Width);
        string own = string.Create(CultureInfo.InvariantCulture, $"{units.Height}x{units.Width}");
        if (units.Prepared == PreparedImages.Always)
        {
            return fits ? (true, null) : throw new InputException(
                $"{name}: is {TextOf(image)} pixels, and option 'prepared' says that it is the network's input, which is {own}");
        }

        if (units.Prepared == PreparedImages.Never || Read(file) is not { } mark)
        {
            return (false, null);
        }

        return fits && mark == own
            ? (true, $"says of itself that it is prepared already ({own}), so it is taken as it is; option 'prepared' false prepares it")
            : (false, $"says of itself that it is prepared already ({(mark.All(char.IsAscii) ? mark : "?")}), but the network's input is "
                + $"{own}: it is prepared like any other image");
    }
}
