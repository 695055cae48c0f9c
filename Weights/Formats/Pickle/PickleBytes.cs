using System.Buffers.Binary;
using System.Text;
using Interp.Engine.Common;

namespace Interp.Weights.Formats.Pickle;

/// <summary>The bytes of a pickle, read forward through a small buffer; every length is checked before memory is allocated.</summary>
internal sealed class PickleBytes
{
    /// <summary>
    /// The largest pickle that is read. A table of tensors takes about 100 bytes a tensor; the objects of a hostile one take up to
    /// some 60 bytes of memory for each of its bytes.
    /// </summary>
    public const int MaxLength = 8 << 20;

    private static readonly Encoding Utf8 = new UTF8Encoding(false, throwOnInvalidBytes: true);
    private readonly WeightFile _file;
    private readonly long _end;
    private readonly bool _capped;
    private byte[] _buffer = new byte[1 << 14];
    private int _next;
    private int _filled;
    private long _bufferStart;

    /// <summary>The bytes of a file from a position on, up to a length that the pickle may end before.</summary>
    public PickleBytes(WeightFile file, long start, long length)
    {
        _file = file;
        _capped = length > MaxLength;
        _bufferStart = start;
        _end = start + Math.Min(length, MaxLength);
    }

    /// <summary>The file position of the next byte.</summary>
    public long Position => _bufferStart + _next;

    /// <summary>The next byte.</summary>
    public byte Byte()
    {
        if (_next == _filled)
        {
            Fill(1);
        }

        return _buffer[_next++];
    }

    /// <summary>The next bytes; valid until the next call.</summary>
    public ReadOnlySpan<byte> Bytes(ulong count)
    {
        Require(count);
        int length = (int)count;
        if (length > _filled - _next)
        {
            Fill(length);
        }

        _next += length;
        return _buffer.AsSpan(_next - length, length);
    }

    /// <summary>Passes over bytes.</summary>
    public void Skip(ulong count)
    {
        Require(count);
        long position = Position + (long)count;
        _bufferStart = position;
        _next = _filled = 0;
    }

    /// <summary>A little-endian unsigned integer of 2, 4 or 8 bytes.</summary>
    public ulong Unsigned(int size)
    {
        ReadOnlySpan<byte> bytes = Bytes((ulong)size);
        return size switch
        {
            1 => bytes[0],
            2 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            4 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            _ => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        };
    }

    /// <summary>A little-endian two's complement integer of any length; null for one of more than 64 bits, which describes no
    /// tensor.</summary>
    public long? Integer(ulong length)
    {
        if (length > 8)
        {
            Skip(length);
            return null;
        }

        ReadOnlySpan<byte> bytes = Bytes(length);
        long value = bytes.IsEmpty || bytes[^1] < 0x80 ? 0 : -1;
        for (int i = bytes.Length - 1; i >= 0; i--)
        {
            value = value << 8 | bytes[i];
        }

        return value;
    }

    /// <summary>UTF-8 text of a given length in bytes.</summary>
    public string Text(ulong length)
    {
        try
        {
            return Utf8.GetString(Bytes(length));
        }
        catch (DecoderFallbackException e)
        {
            throw Error("holds text that is not UTF-8", e);
        }
    }

    /// <summary>The text up to the next line feed, which is passed over.</summary>
    public string Line()
    {
        const int Longest = 512;
        Span<byte> line = stackalloc byte[Longest];
        int length = 0;
        for (byte b = Byte(); b != '\n'; b = Byte())
        {
            if (length == Longest)
            {
                throw Error($"holds a line of more than {Longest} bytes");
            }

            line[length++] = b;
        }

        return Encoding.Latin1.GetString(line[..length]);
    }

    /// <summary>An error at the current position.</summary>
    public ModelException Error(string what, Exception? cause = null) =>
        _file.Error($"{what} (pickle, before byte {Position}); fetch the file again, or save its state dict alone", cause);

    private void Require(ulong count)
    {
        if (count > (ulong)(_end - Position))
        {
            throw Error(_capped
                ? $"its pickle is longer than {MaxLength >> 20} MiB, expected a table of tensors"
                : $"its pickle ends early: {count} more bytes are needed, {_end - Position} are left; the file is truncated or damaged");
        }
    }

    /// <summary>Puts at least <paramref name="count"/> bytes from the current position on into the buffer.</summary>
    private void Fill(int count)
    {
        Require((ulong)count);
        long position = Position;
        if (count > _buffer.Length)
        {
            _buffer = new byte[count];
        }

        _filled = (int)Math.Min(_buffer.Length, _end - position);
        _file.Read(position, _buffer.AsSpan(0, _filled));
        _bufferStart = position;
        _next = 0;
    }
}
