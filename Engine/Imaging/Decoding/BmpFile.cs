using System.Buffers.Binary;

namespace Interp.Engine.Imaging.Decoding;

/// <summary>A BMP file's header.</summary>
internal static class BmpFile
{
    private const int Compression = 30, ShortestWithCompression = 40;

    /// <summary>Says what the image library does not: which kind of BMP it does not read.</summary>
    /// <exception cref="InvalidDataException">The pixels are compressed.</exception>
    public static PreparedFile Prepare(byte[] data)
    {
        bool hasCompression = data[14] >= ShortestWithCompression && data.Length >= Compression + 4;
        uint compression = hasCompression ? BinaryPrimitives.ReadUInt32LittleEndian(data.AsSpan(Compression)) : 0;
        string? kind = compression switch { 1 or 2 => "run-length coded", 4 => "JPEG in BMP", 5 => "PNG in BMP", _ => null };
        return kind is null ? new PreparedFile(data) : throw new InvalidDataException($"{kind} is not supported; save it as PNG");
    }
}
