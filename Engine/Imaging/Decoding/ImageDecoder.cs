using Interp.Engine.Common;
using StbImageSharp;

namespace Interp.Engine.Imaging.Decoding;

/// <summary>
/// Decodes picture files of any supported kind, told apart by their content, with StbImageSharp. That library works on unmanaged memory and
/// trusts much of what a file says, so each file is inspected first, read through a <see cref="StrictStream"/>, and anything thrown is an
/// input error.
/// </summary>
internal static class ImageDecoder
{
    /// <summary>The most pixels that a picture may have: 2^27, which takes about 1.2 GB while decoding.</summary>
    public const long MaximumPixels = 1L << 27;

    // The densest of the formats, deflated one-bit PNG, packs 8 · 1032 pixels into a byte.
    private const long MaximumPixelsPerByte = 10_000;

    private static readonly (string Name, Func<byte[], bool> Matches)[] s_formats =
    [
        ("JPEG", d => d.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF])),
        ("PNG", d => d.AsSpan().StartsWith(PngFile.Signature)),
        ("GIF", d => d.AsSpan().StartsWith("GIF87a"u8) || d.AsSpan().StartsWith("GIF89a"u8)),
        ("BMP", d => d.Length > 18 && d.AsSpan().StartsWith("BM"u8) && d[14] is 12 or 40 or 56 or 108 or 124),
        ("PSD", d => d.AsSpan().StartsWith("8BPS\0\x1"u8)),
        ("TGA", LooksLikeTga),
    ];

    /// <summary>The names of the formats.</summary>
    public static string Formats => string.Join(", ", s_formats.Select(f => f.Name));

    /// <summary>The picture in a file's bytes, upright, in RGB.</summary>
    /// <param name="data">The whole file.</param>
    /// <param name="name">The file's name, for messages.</param>
    /// <exception cref="InputException">The bytes are not a whole, sound picture of a supported kind.</exception>
    public static RgbImage Decode(byte[] data, string name)
    {
        if (data.Length == 0)
        {
            throw new InputException($"{name}: the file is empty, expected an image ({Formats})");
        }

        string format = s_formats.FirstOrDefault(f => f.Matches(data)).Name
            ?? throw new InputException($"{name}: not an image: expected the content of {Formats}");
        try
        {
            return DecodeAs(format, data);
        }
        catch (Exception e) when (e is not InputException)
        {
            string reason = e switch
            {
                OutOfMemoryException => "not enough memory",
                InvalidDataException or EndOfStreamException or InvalidOperationException when e.Message.Length > 0 => Printable(e.Message),
                _ => "it is damaged",
            };
            throw new InputException($"{name}: this {format} file cannot be decoded: {reason}", e);
        }
    }

    private static RgbImage DecodeAs(string format, byte[] data)
    {
        JpegFile? jpeg = format == "JPEG" ? JpegFile.Inspect(data) : null;
        data = jpeg?.Data ?? data;
        CheckSize(data);
        int orientation = format == "PNG" ? PngFile.Inspect(data) : jpeg?.Orientation ?? 1;
        data = format == "GIF" ? GifFile.Opaque(data) : data;

        var stream = new StrictStream(data);
        ImageResult result = ImageResult.FromStream(stream, ColorComponents.RedGreenBlue);
        if (stream.Position < jpeg?.End)
        {
            throw new InvalidDataException($"decoding stopped at byte {stream.Position} of {jpeg.End}");
        }

        return ExifOrientation.Apply(new RgbImage(result.Width, result.Height, result.Data), orientation);
    }

    /// <summary>The library's reasons may quote bytes of the file.</summary>
    private static string Printable(string message) => string.Concat(message.Select(c => char.IsControl(c) ? ' ' : c)).Trim();

    private static void CheckSize(byte[] data)
    {
        ImageInfo size = ImageInfo.FromStream(new StrictStream(data))
            ?? throw new InvalidDataException("its header is damaged or of a kind that is not supported; save it as PNG or JPEG");
        (long width, long height) = (size.Width, Math.Abs((long)size.Height)); // a BMP whose rows go downwards has a negative height
        if (width < 1 || height < 1 || width * height > MaximumPixels)
        {
            throw new InvalidDataException($"its size is {width}x{height} pixels, expected 1 to {MaximumPixels} pixels; scale it down");
        }

        if (width * height > MaximumPixelsPerByte * data.Length)
        {
            throw new InvalidDataException($"its header says {width}x{height} pixels, which cannot be in a file of {data.Length} bytes");
        }
    }

    /// <summary>TGA has no signature: a header whose fields all have values that occur.</summary>
    private static bool LooksLikeTga(byte[] data) =>
        data.Length > 18
        && (data[1] == 0 ? data[2] is 2 or 3 or 10 or 11 : data[1] == 1 && data[2] is 1 or 9 && data[7] is 15 or 16 or 24 or 32)
        && (data[12] | data[13]) != 0 && (data[14] | data[15]) != 0
        && data[16] is 8 or 15 or 16 or 24 or 32;
}
