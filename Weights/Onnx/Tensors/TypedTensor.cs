using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Weights.Formats;
using Interp.Weights.Graphs;
using Interp.Weights.Onnx.Wire;

namespace Interp.Weights.Onnx.Tensors;

/// <summary>
/// A tensor whose elements are protobuf numbers (<c>float_data</c>, <c>int32_data</c>, …), packed or one by one. They are read in the order
/// of the file; reading on where the last reading ended costs nothing.
/// </summary>
/// <param name="name">The tensor's name, for messages.</param>
/// <param name="type">How its elements are understood: those of small types are in the low bits of a 32-bit number.</param>
/// <param name="shape">Its sizes, whose product is the number of elements there are.</param>
/// <param name="file">The file.</param>
/// <param name="field">The field that holds the elements.</param>
/// <param name="places">Where the tensor's messages are.</param>
internal sealed class TypedTensor(
    string name, ElementType type, ImmutableArray<long> shape, ProtoFile file, int field,
    ImmutableArray<(long Position, long Length)> places) : GraphTensor(type, shape)
{
    private ProtoReader _reader;
    private int _place;
    private long _position;
    private long _end;
    private long _next = long.MaxValue;

    /// <inheritdoc/>
    internal override void Read(long first, Span<double> into)
    {
        lock (file)
        {
            if (first < _next)
            {
                _next = 0;
                _place = 0;
                _position = _end = 0;
                _reader = default;
            }

            for (; _next < first; _next++)
            {
                One();
            }

            foreach (ref double value in into)
            {
                value = One();
                _next++;
            }
        }
    }

    /// <summary>The next element.</summary>
    private double One()
    {
        while (_position == _end)
        {
            while (_reader.File is null || !_reader.Next())
            {
                if (_place == places.Length)
                {
                    throw file.Damaged($"has changed since tensor {WeightFile.Quote(name)} was found in it");
                }

                _reader = ProtoReader.Of(file, places[_place].Position, places[_place].Length);
                _place++;
            }

            if (_reader.Field == field)
            {
                _position = _reader.Position;
                _end = _position + _reader.Length;
            }
        }

        switch (field)
        {
            case 4:
                float single = BitConverter.ToSingle(file.At(_position, 4)[..4]);
                _position += 4;
                return single;
            case 10:
                double number = BitConverter.ToDouble(file.At(_position, 8)[..8]);
                _position += 8;
                return number;
            default:
                return Whole(file.Varint(ref _position, _end));
        }
    }

    private double Whole(ulong bits)
    {
        if (field == 7)
        {
            return (long)bits;
        }

        if (Type == ElementType.UInt64)
        {
            return bits;
        }

        // 32-bit fields count by their lower half, as protobuf has it.
        int low = (int)bits;
        return Type.Name switch
        {
            "float16" when low is >= 0 and <= ushort.MaxValue => (double)BitConverter.UInt16BitsToHalf((ushort)low),
            "bfloat16" when low is >= 0 and <= ushort.MaxValue => BitConverter.UInt32BitsToSingle((uint)low << 16),
            "int32" => low,
            "int16" when low is >= short.MinValue and <= short.MaxValue => low,
            "int8" when low is >= sbyte.MinValue and <= sbyte.MaxValue => low,
            "uint16" when low is >= 0 and <= ushort.MaxValue => low,
            "uint8" when low is >= 0 and <= byte.MaxValue => low,
            "bool" when low is 0 or 1 => low,
            "uint32" when bits <= uint.MaxValue => bits,
            _ => throw new ModelException($"tensor {WeightFile.Quote(name)}: element {_next} is {low}, which is no {Type.Name}"),
        };
    }
}
