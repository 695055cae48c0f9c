using System.IO.Compression;

namespace Interp.Weights.Formats.Hdf5;

/// <summary>What was done to the bytes of a chunk before they were written, and is undone: shuffling, deflating, a checksum.</summary>
internal sealed class Hdf5Filters
{
    private const int Deflate = 1;
    private const int Shuffle = 2;
    private const int Checksum = 3;
    private const int MaxFilters = 32;
    private readonly List<(int Kind, int Value)> _filters = [];
    private readonly Hdf5File _file;
    private readonly string _what;

    private Hdf5Filters(Hdf5File file, string what) => (_file, _what) = (file, what);

    /// <summary>Whether chunks are stored as they are.</summary>
    internal bool IsNone => _filters.Count == 0;

    /// <summary>Reads a filter message.</summary>
    internal static Hdf5Filters Read(Hdf5File file, ReadOnlySpan<byte> bytes, string what)
    {
        var filters = new Hdf5Filters(file, what);
        var cursor = new Hdf5Cursor(file, bytes, what);
        int version = cursor.U8();
        int count = cursor.U8();
        if (version is not (1 or 2) || count > MaxFilters)
        {
            throw file.Damaged($"{what} has {count} filters (version {version})");
        }

        cursor.Skip(version == 1 ? 6 : 0);
        for (int i = 0; i < count; i++)
        {
            int kind = cursor.U16();
            int name = version == 1 || kind >= 256 ? cursor.U16() : 0;
            cursor.Skip(2);
            int values = cursor.U16();
            cursor.Skip(version == 1 ? name + 7 & ~7 : name);
            int first = values > 0 ? (int)cursor.U32() : 0;
            cursor.Skip(4L * Math.Max(0, values - 1) + (version == 1 && values % 2 == 1 ? 4 : 0));
            if (kind is not (Deflate or Shuffle or Checksum))
            {
                throw file.Error($"{what} is packed by {Name(kind)}, which is not read; pack it with gzip, or save the model again with "
                    + "Keras");
            }

            filters._filters.Add((kind, first));
        }

        return filters;
    }

    /// <summary>None.</summary>
    internal static Hdf5Filters None(Hdf5File file, string what) => new(file, what);

    /// <summary>Undoes the filters, the last one first.</summary>
    /// <param name="bytes">A chunk's bytes as stored.</param>
    /// <param name="mask">Bit i is set where filter i was left out.</param>
    /// <param name="size">Bytes of the chunk's elements.</param>
    internal byte[] Undo(byte[] bytes, uint mask, int size)
    {
        for (int i = _filters.Count - 1; i >= 0; i--)
        {
            (int kind, int value) = _filters[i];
            bytes = (mask >> i & 1) != 0 ? bytes : kind switch
            {
                Deflate => Inflate(bytes, size + 4 * _filters.Count(f => f.Kind == Checksum)),
                Shuffle => Unshuffle(bytes, value),
                _ => bytes.Length >= 4 ? bytes[..^4] : bytes,
            };
        }

        return bytes.Length == size ? bytes : throw _file.Damaged($"{_what}: a chunk has {bytes.Length} bytes, expected {size}");
    }

    private static string Name(int kind) => kind switch
    {
        4 => "szip",
        5 => "nbit",
        6 => "scale-offset",
        307 => "bzip2",
        32000 => "lzf",
        32001 => "blosc",
        32004 => "lz4",
        32013 => "zfp",
        32015 => "zstd",
        _ => $"filter {kind}",
    };

    private byte[] Inflate(byte[] bytes, int most)
    {
        using var stream = new ZLibStream(new MemoryStream(bytes), CompressionMode.Decompress);
        var into = new byte[most];
        try
        {
            int read = stream.ReadAtLeast(into, most, throwOnEndOfStream: false);
            return read == most && stream.ReadByte() >= 0
                ? throw _file.Damaged($"{_what}: a chunk unpacks to more than the {most} bytes that it should have")
                : into[..read];
        }
        catch (InvalidDataException)
        {
            throw _file.Damaged($"{_what}: a chunk cannot be unpacked");
        }
    }

    private static byte[] Unshuffle(byte[] bytes, int size)
    {
        if (size <= 1)
        {
            return bytes;
        }

        byte[] plain = [.. bytes];
        int count = bytes.Length / size;
        for (int b = 0; b < size; b++)
        {
            for (int i = 0; i < count; i++)
            {
                plain[i * size + b] = bytes[b * count + i];
            }
        }

        return plain;
    }
}
