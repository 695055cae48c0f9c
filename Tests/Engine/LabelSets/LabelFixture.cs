using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;
using Interp.Engine.Imaging;
using Interp.Engine.LabelSets;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.LabelSets;

/// <summary>A label set's folder that a test writes.</summary>
internal sealed class LabelFixture : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public string Root => _folder.Root;

    public void Dispose() => _folder.Dispose();

    /// <summary>Writes a photo of one colour; PNG whatever its name.</summary>
    public LabelFixture Photo(string file, int width = 8, int height = 6)
    {
        using var bytes = new MemoryStream();
        ImageFile.WritePng(bytes, new RgbImage(width, height, [.. Enumerable.Repeat((byte)90, 3 * width * height)]));
        return Bytes(file, bytes.ToArray());
    }

    public LabelFixture Text(string file, string text) => Bytes(file, Encoding.UTF8.GetBytes(text));

    public LabelFixture Bytes(string file, byte[] bytes)
    {
        string path = Path.Combine(Root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return this;
    }

    /// <summary>Writes a mask of numbers: grey of 8 or 16 bits, or with a palette.</summary>
    public LabelFixture Mask(string file, int width, int height, Func<int, int, int> value, int bits = 8, byte[]? palette = null) =>
        Bytes(file, Png(width, height, palette is null ? 0 : 3, bits, (x, y) => [value(x, y)], palette));

    /// <summary>Writes a mask of colours, 0xRRGGBB, or 0xAARRGGBB with alpha.</summary>
    public LabelFixture Colors(string file, int width, int height, Func<int, int, long> color, bool alpha = false) =>
        Bytes(file, Png(width, height, alpha ? 6 : 2, 8, (x, y) => color(x, y) is var c && alpha
            ? [(int)((c >> 16) & 255), (int)((c >> 8) & 255), (int)(c & 255), (int)(c >> 24)]
            : [(int)((c >> 16) & 255), (int)((c >> 8) & 255), (int)(c & 255)]));

    public LabelSet Open(string? layout = null, PolygonRule rule = PolygonRule.Edge) =>
        LabelLayouts.Open(Root, layout, new LabelOptions { Polygons = rule });

    /// <summary>Pixels of each concept of an image; of what is unknown and what has no label under ? and -.</summary>
    public static Dictionary<string, int> Count(LabelSet set, int index = 0)
    {
        LabelledImage image = set.Read(index);
        return image.Planes.SelectMany(p => p.Labels)
            .GroupBy(l => l switch { 0 => "-", LabelPlane.Void => "?", _ => set.Concepts[l - 1].Name })
            .ToDictionary(g => g.Key, g => g.Count());
    }

    /// <summary>A PNG file.</summary>
    public static byte[] Png(int width, int height, int color, int bits, Func<int, int, int[]> samples, byte[]? palette = null)
    {
        using var rows = new MemoryStream();
        using (var deflate = new ZLibStream(rows, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            for (int y = 0; y < height; y++)
            {
                deflate.WriteByte(0);
                for (int x = 0; x < width; x++)
                {
                    foreach (int sample in samples(x, y))
                    {
                        deflate.Write(bits == 16 ? [(byte)(sample >> 8), (byte)sample] : (ReadOnlySpan<byte>)[(byte)sample]);
                    }
                }
            }
        }

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = ((byte)bits, (byte)color);
        return [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, .. Chunk("IHDR", header),
            .. palette is null ? [] : Chunk("PLTE", palette), .. Chunk("IDAT", rows.ToArray()), .. Chunk("IEND", [])];
    }

    private static byte[] Chunk(string type, byte[] content)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, content.Length);
        byte[] body = [.. Encoding.ASCII.GetBytes(type), .. content];
        var sum = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(sum, Crc32.HashToUInt32(body));
        return [.. length, .. body, .. sum];
    }
}
