using System.Buffers.Binary;
using System.Text;

namespace Interp.Tests.Weights.Onnx;

/// <summary>A protobuf message that is being written, field by field.</summary>
internal sealed class Proto
{
    private readonly List<byte> _bytes = [];

    internal byte[] Bytes => [.. _bytes];

    /// <summary>The content of the one field that it has, which is of bytes.</summary>
    internal byte[] Content => [.. _bytes.Skip(1).SkipWhile(b => b >= 0x80).Skip(1)];

    internal Proto Varint(int field, long value)
    {
        Number((ulong)field << 3);
        Number((ulong)value);
        return this;
    }

    internal Proto Fixed32(int field, float value)
    {
        Number(((ulong)field << 3) | 5);
        _bytes.AddRange(BitConverter.GetBytes(value));
        return this;
    }

    internal Proto Fixed64(int field, double value)
    {
        Number(((ulong)field << 3) | 1);
        _bytes.AddRange(BitConverter.GetBytes(value));
        return this;
    }

    internal Proto Blob(int field, ReadOnlySpan<byte> value)
    {
        Number(((ulong)field << 3) | 2);
        Number((ulong)value.Length);
        _bytes.AddRange(value);
        return this;
    }

    internal Proto Text(int field, string value) => Blob(field, Encoding.UTF8.GetBytes(value));

    internal Proto Message(int field, Proto value) => Blob(field, value.Bytes);

    /// <summary>Packed numbers.</summary>
    internal Proto Packed(int field, params ReadOnlySpan<long> values)
    {
        var packed = new Proto();
        foreach (long value in values)
        {
            packed.Number((ulong)value);
        }

        return Message(field, packed);
    }

    /// <summary>Bytes as they are, whatever they mean.</summary>
    internal Proto Raw(params ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    /// <summary>The fields of another message, after those that are there.</summary>
    internal Proto With(Proto more) => Raw(more.Bytes);

    /// <summary>Packed numbers of four bytes.</summary>
    internal static byte[] Floats(params ReadOnlySpan<float> values)
    {
        var bytes = new byte[4 * values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(4 * i), values[i]);
        }

        return bytes;
    }

    private void Number(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            _bytes.Add((byte)(value | 0x80));
        }

        _bytes.Add((byte)value);
    }
}
