using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using Interp.Engine.Imaging;

namespace Interp.Cli.Output;

/// <summary>
/// Pictures of one size, one after the other, as an animated PNG: each is compressed as a PNG by itself and its data moved into the frames of one file. PNG
/// Specification, third edition (W3C 2025), chunks acTL, fcTL and fdAT. Programs that know only still pictures show the last frame, which is the file's own image.
/// </summary>
internal static class AnimatedPng
{
    private const int SignatureLength = 8;
    private const ushort FrameMs = 60;
    private const ushort LastFrameMs = 1500;

    /// <summary>Writes the animation; it repeats for ever, and rests on its last frame.</summary>
    internal static void Write(Stream stream, IReadOnlyList<byte[]> pngs)
    {
        List<(string Type, byte[] Data)> still = Chunks(pngs[^1]);
        stream.Write(pngs[^1].AsSpan(0, SignatureLength));
        byte[] header = still.First(c => c.Type == "IHDR").Data;
        Put(stream, "IHDR", header);
        Put(stream, "acTL", [.. Number(pngs.Count), .. Number(0)]);
        Put(stream, "IDAT", Data(still)); // Not part of the animation, since no fcTL stands before it.
        int sequence = 0;
        for (int i = 0; i < pngs.Count; i++)
        {
            ushort delay = i == pngs.Count - 1 ? LastFrameMs : FrameMs;
            Put(stream, "fcTL", [.. Number(sequence++), .. header.AsSpan(0, 8), .. Number(0), .. Number(0), .. Short(delay), .. Short(1000), 0, 0]);
            Put(stream, "fdAT", [.. Number(sequence++), .. Data(Chunks(pngs[i]))]);
        }

        Put(stream, "IEND", []);
    }

    /// <summary>A picture as the bytes of a PNG file.</summary>
    internal static byte[] Encode(RgbImage image)
    {
        using var stream = new MemoryStream();
        ImageFile.WritePng(stream, image);
        return stream.ToArray();
    }

    /// <summary>Whether two PNG files hold pictures of the same size.</summary>
    internal static bool SameSize(byte[] a, byte[] b) => a.AsSpan(SignatureLength + 8, 8).SequenceEqual(b.AsSpan(SignatureLength + 8, 8));

    private static byte[] Data(List<(string Type, byte[] Data)> chunks) => [.. chunks.Where(c => c.Type == "IDAT").SelectMany(c => c.Data)];

    private static List<(string Type, byte[] Data)> Chunks(byte[] png)
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

    private static void Put(Stream stream, string type, byte[] data)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(type), .. data];
        stream.Write(Number(data.Length));
        stream.Write(body);
        stream.Write(Number((int)Crc32.HashToUInt32(body)));
    }

    private static byte[] Number(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Short(ushort value) => [(byte)(value >> 8), (byte)value];
}
