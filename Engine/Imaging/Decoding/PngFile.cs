using System.Buffers.Binary;
using System.IO.Compression;

namespace Interp.Engine.Imaging.Decoding;

/// <summary>
/// A PNG file's chunks, walked before the image library decodes it: lengths stay inside the file, and the compressed data hold the pixels
/// that the header promises and not gigabytes more.
/// </summary>
internal static class PngFile
{
    private const int Tolerance = 1 << 16;
    private static ReadOnlySpan<byte> End => [0, 0, 0, 0, (byte)'I', (byte)'E', (byte)'N', (byte)'D', 0xAE, 0x42, 0x60, 0x82];

    /// <summary>The eight bytes that every PNG file starts with.</summary>
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>
    /// Checks the chunks. A file whose pixels are all there is whole: a missing end chunk, all that some downloads lack, is added.
    /// </summary>
    /// <exception cref="EndOfStreamException">The file or its pixel data end too early.</exception>
    /// <exception cref="InvalidDataException">The size is out of range, or the pixel data are damaged or more than the header
    /// allows.</exception>
    public static PreparedFile Prepare(byte[] data)
    {
        var file = new PreparedFile(data);
        long expected = 0;
        using var pixels = new MemoryStream();
        (bool isWhole, int at) = Walk(data, (type, content) =>
        {
            if (type.SequenceEqual("IHDR"u8) && content.Length == 13)
            {
                PngHeader header = PngHeader.Read(content, data.Length);
                expected = header.DataLength;
                file = file with { IsWide = header.Bits == 16 };
            }
            else if (type.SequenceEqual("IDAT"u8))
            {
                pixels.Write(content);
            }
            else if (type.SequenceEqual("eXIf"u8))
            {
                file = file with { Orientation = ExifOrientation.Read(content) };
            }
        });
        pixels.Position = 0;
        try
        {
            Measure(pixels, expected);
        }
        catch (Exception e) when (!isWhole && (e is InvalidDataException or EndOfStreamException))
        {
            throw TooEarly(data, e);
        }

        return isWhole ? file : file with { Data = [.. data[..at], .. End] };
    }

    /// <summary>What a file without an end chunk is refused with if its pixels are not all there.</summary>
    public static EndOfStreamException TooEarly(byte[] data, Exception? cause = null) =>
        new($"the file ends too early, after {data.Length} bytes and without an end chunk", cause);

    /// <summary>A chunk.</summary>
    public delegate void Chunk(ReadOnlySpan<byte> type, ReadOnlySpan<byte> content);

    /// <summary>Hands on each chunk that lies whole in the file, up to the end chunk.</summary>
    /// <returns>Whether the end chunk was met, and where the walk stopped.</returns>
    /// <exception cref="InvalidDataException">It is Apple's own form of PNG.</exception>
    public static (bool IsWhole, int At) Walk(byte[] data, Chunk use)
    {
        bool isWhole = false;
        int at = Signature.Length;
        while (!isWhole && data.Length - at >= 12 && BinaryPrimitives.ReadUInt32BigEndian(data.AsSpan(at)) <= data.Length - at - 12)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(data.AsSpan(at));
            ReadOnlySpan<byte> type = data.AsSpan(at + 4, 4), content = data.AsSpan(at + 8, length);
            isWhole = type.SequenceEqual("IEND"u8);
            if (type.SequenceEqual("CgBI"u8))
            {
                const string Advice = "convert it with 'pngcrush -revert-iphone-optimizations'";
                throw new InvalidDataException($"it is in Apple's own form of PNG (CgBI); {Advice}");
            }

            use(type, content);
            at += isWhole ? 0 : 12 + length;
        }

        return (isWhole, at);
    }

    private static void Measure(Stream compressed, long expected)
    {
        using var inflate = new ZLibStream(compressed, CompressionMode.Decompress);
        var buffer = new byte[1 << 15];
        long found = 0;
        try
        {
            for (int count = 1; count > 0 && found <= expected + Tolerance; found += count)
            {
                count = inflate.Read(buffer);
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw new InvalidDataException($"the pixel data are damaged after {found} of {expected} bytes", e);
        }

        if (found < expected)
        {
            throw new EndOfStreamException($"the pixel data end too early: {found} bytes, expected {expected}");
        }

        if (found > expected + Tolerance)
        {
            throw new InvalidDataException($"it holds more pixel data than its size allows: expected {expected} bytes");
        }
    }
}
