using System.Buffers.Binary;

namespace Interp.Engine.Imaging.Decoding;

/// <summary>A TGA file's header (Truevision TGA file format specification, version 2.0).</summary>
internal static class TgaFile
{
    private const int HeaderLength = 18, PaletteStart = 3, PaletteLength = 5, PaletteBits = 7, Descriptor = 17;
    private const int RightToLeft = 0x10;

    /// <summary>There is no signature: a header whose fields all have values that occur.</summary>
    public static bool Matches(ReadOnlySpan<byte> data) =>
        data.Length > HeaderLength
        && (data[1] == 0 ? data[2] is 2 or 3 or 10 or 11 : data[1] == 1 && data[2] is 1 or 9 && data[PaletteBits] is 15 or 16 or 24 or 32)
        && (data[12] | data[13]) != 0 && (data[14] | data[15]) != 0
        && data[16] is 8 or 15 or 16 or 24 or 32;

    /// <summary>
    /// The image library honours rows that go upwards, but neither rows from right to left nor a palette whose first colours are left out.
    /// </summary>
    /// <exception cref="InvalidDataException">The palette is damaged.</exception>
    /// <exception cref="EndOfStreamException">The file ends before its palette.</exception>
    public static PreparedFile Prepare(byte[] data)
    {
        int orientation = (data[Descriptor] & RightToLeft) != 0 ? ExifOrientation.Mirrored : 1;
        return new PreparedFile(data[1] == 1 ? WithWholePalette(data) : data) { Orientation = orientation };
    }

    private static byte[] WithWholePalette(byte[] data)
    {
        int left = BinaryPrimitives.ReadUInt16LittleEndian(data.AsSpan(PaletteStart));
        int count = left + BinaryPrimitives.ReadUInt16LittleEndian(data.AsSpan(PaletteLength)), at = HeaderLength + data[0];
        if (left == 0)
        {
            return data;
        }

        if (at > data.Length || count > ushort.MaxValue)
        {
            throw new InvalidDataException($"its palette has the colours {left} to {count - 1} and begins at byte {at} of {data.Length}");
        }

        byte[] whole = [.. data[..at], .. new byte[left * ((data[PaletteBits] + 7) / 8)], .. data[at..]];
        BinaryPrimitives.WriteUInt16LittleEndian(whole.AsSpan(PaletteStart), 0);
        BinaryPrimitives.WriteUInt16LittleEndian(whole.AsSpan(PaletteLength), (ushort)count);
        return whole;
    }
}
