using Interp.Engine.Common;

namespace Interp.Weights.Onnx.Wire;

/// <summary>How a protobuf field is stored.</summary>
internal enum WireType
{
    /// <summary>A number in base 128.</summary>
    Varint = 0,

    /// <summary>Eight bytes.</summary>
    Fixed64 = 1,

    /// <summary>A length and as many bytes: text, a message, packed numbers.</summary>
    Bytes = 2,

    /// <summary>Four bytes.</summary>
    Fixed32 = 5,
}

/// <summary>
/// Walks through the fields of one protobuf message, in whatever order they are; a field that is not asked for is stepped over. Every
/// length is checked against what is left of its message, and messages may lie in each other 64 deep.
/// </summary>
internal struct ProtoReader
{
    private const int MaxDepth = 64;

    private readonly ProtoFile _file;
    private readonly long _end;
    private readonly int _depth;
    private long _position;
    private long _fieldEnd;
    private WireType _wire;

    private ProtoReader(ProtoFile file, long position, long end, int depth)
    {
        _file = file;
        _position = _fieldEnd = position;
        _end = end;
        _depth = depth;
    }

    /// <summary>Number of the current field.</summary>
    internal int Field { get; private set; }

    /// <summary>Where the current field's content begins.</summary>
    internal readonly long Position => _position;

    /// <summary>Number of bytes of the current field's content.</summary>
    internal readonly long Length => _fieldEnd - _position;

    /// <summary>Number of bytes that are left of the message.</summary>
    internal readonly long Rest => _end - _position;

    /// <summary>Whether the current field holds bytes: text, a message, packed numbers.</summary>
    internal readonly bool IsBytes => _wire == WireType.Bytes;

    /// <summary>The file that is read.</summary>
    internal readonly ProtoFile File => _file;

    /// <summary>A reader of a file's outermost message.</summary>
    internal static ProtoReader Of(ProtoFile file) => new(file, 0, file.Length, 0);

    /// <summary>A reader of a message that lies at a known place.</summary>
    internal static ProtoReader Of(ProtoFile file, long position, long length) => new(file, position, position + length, 1);

    /// <summary>Goes to the next field; false at the end of the message.</summary>
    /// <exception cref="ModelException">The file ends within a field, or what should be a field is none.</exception>
    internal bool Next()
    {
        _position = _fieldEnd;
        if (_position == _end)
        {
            return false;
        }

        long start = _position;
        ulong tag = _file.Varint(ref _position, _end);
        Field = (int)(tag >> 3);
        _wire = (WireType)(tag & 7);
        if (tag < 8 || tag > uint.MaxValue)
        {
            throw _file.Damaged($"has no protobuf field at byte {start}");
        }

        ulong length;
        switch (_wire)
        {
            case WireType.Varint:
                long behind = _position;
                _file.Varint(ref behind, _end);
                length = (ulong)(behind - _position);
                break;
            case WireType.Fixed64:
                length = 8;
                break;
            case WireType.Fixed32:
                length = 4;
                break;
            case WireType.Bytes:
                length = _file.Varint(ref _position, _end);
                break;
            default:
                throw _file.Damaged($"has a field of an unknown kind ({tag & 7}) at byte {start}");
        }

        if (length > (ulong)(_end - _position))
        {
            throw _end == _file.Length ? _file.Truncated(start)
                : _file.Damaged($"has a field of {length} bytes at byte {start}, where {_end - _position} are left of what it lies in");
        }

        _fieldEnd = _position + (long)length;
        return true;
    }

    /// <summary>The current field as a whole number.</summary>
    internal readonly long Int64()
    {
        Require(WireType.Varint);
        long position = _position;
        return (long)_file.Varint(ref position, _fieldEnd);
    }

    /// <summary>The current field as a 32-bit number: the lower half of what is stored, as protobuf has it.</summary>
    internal readonly int Int32() => (int)Int64();

    /// <summary>The current field as a number of four bytes.</summary>
    internal readonly float Float()
    {
        Require(WireType.Fixed32);
        return BitConverter.ToSingle(_file.At(_position, 4)[..4]);
    }

    /// <summary>The current field as a name: UTF-8, kept once.</summary>
    internal readonly string Name()
    {
        Require(WireType.Bytes);
        return _file.Name(_position, Length);
    }

    /// <summary>The current field as text of up to a number of bytes; more is refused.</summary>
    internal readonly string Text(int maxBytes)
    {
        Require(WireType.Bytes);
        return Length <= maxBytes ? _file.Text(_position, Length)
            : throw _file.Damaged($"has text of {Length} bytes at byte {_position}, expected at most {maxBytes}");
    }

    /// <summary>A reader of the message that the current field holds.</summary>
    internal readonly ProtoReader Message()
    {
        Require(WireType.Bytes);
        return _depth < MaxDepth ? new ProtoReader(_file, _position, _fieldEnd, _depth + 1)
            : throw _file.Damaged($"has messages in each other {MaxDepth} deep at byte {_position}, expected fewer");
    }

    /// <summary>Adds the numbers of the current field: one, or packed ones.</summary>
    internal readonly void AddInt64s(List<long> into)
    {
        if (_wire == WireType.Varint)
        {
            _file.Budget.Take(sizeof(long) * 3);
            into.Add(Int64());
            return;
        }

        Require(WireType.Bytes);
        for (long position = _position; position < _fieldEnd;)
        {
            _file.Budget.Take(sizeof(long) * 3);
            into.Add((long)_file.Varint(ref position, _fieldEnd));
        }
    }

    /// <summary>Adds the numbers of four bytes of the current field: one, or packed ones.</summary>
    internal readonly void AddFloats(List<float> into)
    {
        if (_wire == WireType.Bytes && Length % sizeof(float) != 0)
        {
            throw _file.Damaged($"has {Length} bytes of numbers of 4 bytes at byte {_position}");
        }

        if (_wire != WireType.Bytes)
        {
            Require(WireType.Fixed32);
        }

        for (long position = _position; position < _fieldEnd; position += sizeof(float))
        {
            _file.Budget.Take(sizeof(double) * 3);
            into.Add(BitConverter.ToSingle(_file.At(position, sizeof(float))[..sizeof(float)]));
        }
    }

    /// <summary>How many numbers the current field holds: one, or as many as are packed in it.</summary>
    /// <param name="single">How one is stored.</param>
    internal readonly long CountOf(WireType single)
    {
        if (_wire == single)
        {
            return 1;
        }

        Require(WireType.Bytes);
        if (single != WireType.Varint)
        {
            int size = single == WireType.Fixed32 ? 4 : 8;
            return Length % size == 0 ? Length / size
                : throw _file.Damaged($"has {Length} bytes of numbers of {size} bytes at byte {_position}");
        }

        long count = 0;
        byte last = 0;
        for (long position = _position; position < _fieldEnd;)
        {
            ReadOnlySpan<byte> bytes = _file.At(position, 1);
            bytes = bytes[..(int)Math.Min(bytes.Length, _fieldEnd - position)];
            foreach (byte b in bytes)
            {
                count += b < 0x80 ? 1 : 0;
            }

            last = bytes[^1];
            position += bytes.Length;
        }

        return last < 0x80 ? count : throw _file.Damaged($"has a number without an end at byte {_fieldEnd - 1}");
    }

    private readonly void Require(WireType wire)
    {
        if (_wire != wire)
        {
            throw _file.Damaged($"has a field {Field} of kind {_wire} at byte {_position}, expected {wire}");
        }
    }
}
