using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using Interp.Engine.Imaging;

namespace Interp.Cli.Output;

/// <summary>The chunks that PNG files consist of (PNG Specification, third edition, W3C 2025).</summary>
internal static class PngChunks
{
    internal const int SignatureLength = 8;
    private const int HeaderLength = 25; // IHDR: length, type, 13 bytes, checksum

    /// <summary>An image as the bytes of a PNG file.</summary>
    internal static byte[] Encode(RgbImage image)
    {
        using var stream = new MemoryStream();
        ImageFile.WritePng(stream, image);
        return stream.ToArray();
    }

    /// <summary>An image that is a network's input, as a PNG file that says so (<see cref="PreparedMark"/>).</summary>
    internal static byte[] EncodePrepared(RgbImage image) => With(Encode(image), Text(PreparedMark.Keyword, PreparedMark.TextOf(image)));

    /// <summary>The same file with a comment, a tEXt chunk behind the header. The comment is ASCII.</summary>
    internal static byte[] WithComment(byte[] png, string comment) => With(png, Comment(comment));

    /// <summary>Whether a file has this very comment behind its header.</summary>
    internal static bool HasComment(byte[] png, string comment) =>
        png.Length > SignatureLength + HeaderLength && png.AsSpan(SignatureLength + HeaderLength).StartsWith(Comment(comment));

    /// <summary>All chunks of a file.</summary>
    internal static List<(string Type, byte[] Data)> Read(byte[] png)
    {
        var chunks = new List<(string, byte[])>();
        for (int at = SignatureLength; at < png.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            chunks.Add((Encoding.ASCII.GetString(png, at + 4, 4), png[(at + 8)..(at + 8 + length)]));
            at += length + 12;
        }

        return chunks;
    }

    /// <summary>Width and height that a file says it has; 1 by 1 of one that says nothing sensible.</summary>
    internal static (int Width, int Height) SizeOf(byte[] png)
    {
        const int At = SignatureLength + 8;
        if (png.Length < SignatureLength + HeaderLength)
        {
            return (1, 1);
        }

        int width = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(At)), height = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(At + 4));
        return width > 0 && height > 0 ? (width, height) : (1, 1);
    }

    internal static void Write(Stream stream, string type, byte[] data)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(type), .. data];
        stream.Write(Number(data.Length));
        stream.Write(body);
        stream.Write(Number((int)Crc32.HashToUInt32(body)));
    }

    internal static byte[] Number(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] With(byte[] png, byte[] chunk)
    {
        const int Front = SignatureLength + HeaderLength;
        return [.. png.AsSpan(0, Front), .. chunk, .. png.AsSpan(Front)];
    }

    private static byte[] Comment(string text) => Text("Comment", text);

    private static byte[] Text(string keyword, string text)
    {
        using var stream = new MemoryStream();
        Write(stream, "tEXt", Encoding.ASCII.GetBytes($"{keyword}\0{text}"));
        return stream.ToArray();
    }
}
