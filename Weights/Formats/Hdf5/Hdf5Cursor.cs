using System.Buffers.Binary;
using System.Text;

namespace Interp.Weights.Formats.Hdf5;

/// <summary>Reads the fields of one structure of an HDF5 file, one after the other; none beyond its end.</summary>
internal ref struct Hdf5Cursor(Hdf5File file, ReadOnlySpan<byte> bytes, string what)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Bytes that have been read.</summary>
    internal int Position { get; private set; }

    /// <summary>Bytes that are left.</summary>
    internal readonly int Left => _bytes.Length - Position;

    /// <summary>The next bytes.</summary>
    internal ReadOnlySpan<byte> Take(long count)
    {
        if (count < 0 || count > Left)
        {
            throw file.Damaged($"{what} ends {count - Left} bytes too early");
        }

        ReadOnlySpan<byte> taken = _bytes.Slice(Position, (int)count);
        Position += (int)count;
        return taken;
    }

    /// <summary>Passes over bytes.</summary>
    internal void Skip(long count) => Take(count);

    /// <summary>Passes over the bytes up to the next multiple of 8 from the structure's start.</summary>
    internal void Align() => Skip(Math.Min(Left, -Position & 7));

    internal byte U8() => Take(1)[0];

    internal int U16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    internal uint U32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    /// <summary>An address or a length: 8 bytes. What no file can have becomes the largest number.</summary>
    internal long U64() => (long)Math.Min(long.MaxValue, BinaryPrimitives.ReadUInt64LittleEndian(Take(8)));

    /// <summary>An unsigned number of 1 to 8 bytes.</summary>
    internal long Number(int size)
    {
        ulong value = 0;
        ReadOnlySpan<byte> field = Take(size);
        for (int i = size - 1; i >= 0; i--)
        {
            value = value << 8 | field[i];
        }

        return (long)Math.Min(long.MaxValue, value);
    }

    /// <summary>Text of a field of fixed size, up to its first zero.</summary>
    internal string Text(long size)
    {
        ReadOnlySpan<byte> field = Take(size);
        int end = field.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? field : field[..end]);
    }

    /// <summary>Requires the four letters with which the structure begins.</summary>
    internal void Signature(ReadOnlySpan<byte> expected)
    {
        if (!Take(4).SequenceEqual(expected))
        {
            throw file.Damaged($"{what} does not begin with {Encoding.ASCII.GetString(expected)}");
        }
    }

    /// <summary>Requires a version.</summary>
    internal void Version(int expected)
    {
        int found = U8();
        if (found != expected)
        {
            throw file.Error($"{what} is of version {found}, expected {expected}; save the model again with Keras's usual settings");
        }
    }
}
