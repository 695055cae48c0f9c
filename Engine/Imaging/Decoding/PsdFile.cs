using System.Buffers.Binary;

namespace Interp.Engine.Imaging.Decoding;

/// <summary>A Photoshop document's merged image (Adobe Photoshop File Formats Specification).</summary>
internal static class PsdFile
{
    private const int HeaderLength = 26, Grey = 1, Rgb = 3, Duotone = 8, VersionInfo = 1057;
    private static readonly string[] s_modes = [
        "bitmap", "grey", "indexed colour", "RGB", "CMYK", "", "", "multichannel", "duotone", "Lab"];

    /// <summary>
    /// The image library reads RGB of 8 bits as it should; of 16 bits only where it is not compressed, and it takes a fourth channel for
    /// transparency over white. So it is shown a document of three planes of bytes: grey (and duotone, whose plane is grey) three times,
    /// more
    /// channels left out, and values of 16 bits as two columns of bytes.
    /// </summary>
    /// <exception cref="InvalidDataException">The document is of a kind that is not supported, or damaged.</exception>
    /// <exception cref="EndOfStreamException">The file ends too early.</exception>
    public static PreparedFile Prepare(byte[] data)
    {
        ReadOnlySpan<byte> header = Slice(data, 0, HeaderLength);
        int channels = BinaryPrimitives.ReadUInt16BigEndian(header[12..]);
        long height = BinaryPrimitives.ReadUInt32BigEndian(header[14..]), width = BinaryPrimitives.ReadUInt32BigEndian(header[18..]);
        int depth = BinaryPrimitives.ReadUInt16BigEndian(header[22..]), mode = BinaryPrimitives.ReadUInt16BigEndian(header[24..]);
        string modeName = mode < s_modes.Length && s_modes[mode].Length > 0 ? s_modes[mode] : $"number {mode}";
        int planes = mode is Rgb ? 3 : 1;
        if (mode is not (Grey or Duotone or Rgb) || depth is not (8 or 16) || channels < planes)
        {
            string found = $"its colour mode is {modeName} with {channels} channels of {depth} bits";
            throw new InvalidDataException($"{found}, expected grey or RGB of 8 or 16 bits; save it as PNG");
        }

        ImageSize.Check(width, height, data.Length);
        ReadOnlySpan<byte> colours = Section(data, HeaderLength), resources = Section(data, HeaderLength + 4 + colours.Length);
        int at = HeaderLength + 8 + colours.Length + resources.Length;
        at += 4 + Section(data, at).Length;
        byte[] pixels = Pixels(data, at, (int)height, width * depth / 8, channels, planes);

        var shown = new byte[HeaderLength + 12 + pixels.Length];
        header.CopyTo(shown);
        BinaryPrimitives.WriteUInt16BigEndian(shown.AsSpan(12), 3);
        BinaryPrimitives.WriteUInt32BigEndian(shown.AsSpan(18), (uint)(width * depth / 8));
        BinaryPrimitives.WriteUInt16BigEndian(shown.AsSpan(22), 8);
        BinaryPrimitives.WriteUInt16BigEndian(shown.AsSpan(24), Rgb);
        pixels.CopyTo(shown, HeaderLength + 12);
        return new PreparedFile(shown) { Step = depth / 8, IsWide = depth == 16, Remark = HasMergedImage(resources) ? null
            : NoMergedImage };
    }

    private static string NoMergedImage =>
        "it was saved without the merged image, so it may be blank here: save it with \"Maximize Compatibility\", or as PNG";

    /// <summary>How the planes are compressed, the lengths of their rows where they are, and the planes, of which there are
    /// three.</summary>
    private static byte[] Pixels(byte[] data, int at, int height, long rowBytes, int channels, int planes)
    {
        int compression = BinaryPrimitives.ReadUInt16BigEndian(Slice(data, at, 2));
        if (compression > 1)
        {
            throw new InvalidDataException("its merged image is zip-compressed, which is not supported; save it as PNG");
        }

        int repeat = 3 / planes;
        if (compression == 0)
        {
            return [0, 0, .. Repeated(Slice(data, at + 2, planes * height * rowBytes), repeat)];
        }

        ReadOnlySpan<byte> lengths = Slice(data, at + 2, 2L * planes * height);
        long total = 0;
        for (int i = 0; i < lengths.Length; i += 2)
        {
            total += BinaryPrimitives.ReadUInt16BigEndian(lengths[i..]);
        }

        ReadOnlySpan<byte> packed = Slice(data, at + 2 + (2L * channels * height), total);
        return [0, 1, .. Repeated(lengths, repeat), .. Repeated(packed, repeat)];
    }

    private static byte[] Repeated(ReadOnlySpan<byte> part, int times) => times == 3 ? [.. part, .. part, .. part] : part.ToArray();

    /// <summary>Whether the document's notes about its version, if it has them, say that there is a merged image.</summary>
    private static bool HasMergedImage(ReadOnlySpan<byte> resources)
    {
        while (resources.Length >= 12 && resources.StartsWith("8BIM"u8))
        {
            int id = BinaryPrimitives.ReadUInt16BigEndian(resources[4..]), name = (resources[6] + 2) & ~1;
            if (6 + name + 4 > resources.Length)
            {
                break;
            }

            long length = BinaryPrimitives.ReadUInt32BigEndian(resources[(6 + name)..]), next = 6 + name + 4 + length + (length & 1);
            if (id == VersionInfo && length >= 5 && 6 + name + 9 <= resources.Length)
            {
                return resources[6 + name + 8] != 0;
            }

            resources = next < resources.Length ? resources[(int)next..] : [];
        }

        return true;
    }

    private static ReadOnlySpan<byte> Section(byte[] data, int at) =>
        Slice(data, at + 4, BinaryPrimitives.ReadUInt32BigEndian(Slice(data, at, 4)));

    private static ReadOnlySpan<byte> Slice(byte[] data, long at, long length) => at + length <= data.Length
        ? data.AsSpan((int)at, (int)length)
        : throw new EndOfStreamException($"the file ends too early, after {data.Length} bytes");
}
