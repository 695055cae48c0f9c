using System.Buffers.Binary;

namespace Interp.Weights.Formats.Safetensors;

/// <summary>
/// The safetensors format: the header's length as a little-endian uint64, the header as JSON, and the tensors' bytes, which follow each
/// other without gaps or overlaps up to the end of the file.
/// </summary>
internal sealed class SafetensorsFormat : IWeightFormat
{
    private const int MaxHeader = 100_000_000;

    /// <inheritdoc/>
    public string Name => "safetensors";

    /// <inheritdoc/>
    /// <remarks>There is no magic number. A length of less than 2^40 has three zero bytes, which keeps text files out.</remarks>
    public bool Matches(ReadOnlySpan<byte> head) => head.Length > 8 && head[8] == '{' && head[5..8].IndexOfAnyExcept((byte)0) < 0;

    /// <inheritdoc/>
    public WeightSource Open(string path) => FileWeightSource.Open(WeightFile.Open(path), f => new WeightTable(ReadTable(f)));

    private static List<StoredTensor> ReadTable(WeightFile file)
    {
        const int Prefix = 8;
        if (file.Length < Prefix + 2)
        {
            throw file.Damaged($"has {file.Length} bytes, too few for a safetensors file");
        }

        Span<byte> prefix = stackalloc byte[Prefix];
        file.Read(0, prefix);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > MaxHeader)
        {
            throw file.Damaged($"its safetensors header is said to have {length} bytes, expected at most {MaxHeader}");
        }

        if (length < 2 || (long)length > file.Length - Prefix)
        {
            throw file.Error($"its safetensors header is said to have {length} bytes, the file has {file.Length}; it is truncated: fetch "
                + "or save it again");
        }

        var header = new byte[length];
        file.Read(Prefix, header);
        if (header[0] != '{')
        {
            throw file.Damaged($"its safetensors header begins with byte 0x{header[0]:x2}, expected '{{'");
        }

        return SafetensorsHeader.Read(file, header, Prefix + (long)length);
    }
}
