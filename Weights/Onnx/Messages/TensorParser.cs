using Interp.Weights.Onnx.Wire;

namespace Interp.Weights.Onnx.Messages;

/// <summary>Reads tensors without their numbers, and the types of values.</summary>
internal static class TensorParser
{
    /// <summary>Reads a tensor, or a part of one that has begun.</summary>
    internal static void Read(ProtoReader reader, TensorProto tensor)
    {
        reader.File.Budget.Take(900);
        tensor.Places.Add((reader.Position, reader.Rest));
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    reader.AddInt64s(tensor.Dims);
                    break;
                case 2:
                    tensor.DataType = reader.Int32();
                    break;
                case 3:
                    tensor.IsSegment = true;
                    break;
                case 4:
                    Count(tensor, reader, WireType.Fixed32);
                    break;
                case 10:
                    Count(tensor, reader, WireType.Fixed64);
                    break;
                case 5 or 7 or 11:
                    Count(tensor, reader, WireType.Varint);
                    break;
                case 6:
                    tensor.Counts[6] = tensor.Counts.GetValueOrDefault(6) + 1;
                    break;
                case 8:
                    tensor.Name = reader.Name();
                    break;
                case 9:
                    // What is no bytes field has no length that could be taken for one.
                    tensor.Raw = reader.IsBytes ? (reader.Position, reader.Length)
                        : throw reader.File.Damaged($"has raw_data at byte {reader.Position} that is no bytes");
                    break;
                case 13:
                    (string key, string value) = ModelParser.Entry(reader.Message());
                    (tensor.External ??= [])[key] = value;
                    break;
                case 14:
                    tensor.DataLocation = reader.Int32();
                    break;
            }
        }
    }

    /// <summary>Reads a sparse tensor, or a part of one that has begun.</summary>
    internal static void Read(ProtoReader reader, SparseTensorProto sparse)
    {
        reader.File.Budget.Take(500);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    Read(reader.Message(), sparse.Values ??= new TensorProto());
                    break;
                case 2:
                    Read(reader.Message(), sparse.Indices ??= new TensorProto());
                    break;
                case 3:
                    reader.AddInt64s(sparse.Dims);
                    break;
            }
        }
    }

    /// <summary>Reads a value's name and type.</summary>
    internal static ValueInfoProto ValueInfo(ProtoReader reader)
    {
        reader.File.Budget.Take(500);
        var info = new ValueInfoProto();
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    info.Name = reader.Name();
                    break;
                case 2:
                    Type(reader.Message(), info);
                    break;
            }
        }

        return info;
    }

    private static void Count(TensorProto tensor, ProtoReader reader, WireType single) =>
        tensor.Counts[reader.Field] = tensor.Counts.GetValueOrDefault(reader.Field) + reader.CountOf(single);

    private static void Type(ProtoReader reader, ValueInfoProto info)
    {
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    info.Kind = 1;
                    Tensor(reader.Message(), info);
                    break;
                case 4 or 5 or 7 or 8 or 9:
                    info.Kind = reader.Field;
                    break;
            }
        }
    }

    private static void Tensor(ProtoReader reader, ValueInfoProto info)
    {
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    info.ElementType = reader.Int32();
                    break;
                case 2:
                    Shape(reader.Message(), info.Shape ??= []);
                    break;
            }
        }
    }

    private static void Shape(ProtoReader reader, List<long?> shape)
    {
        while (reader.Next())
        {
            if (reader.Field == 1)
            {
                reader.File.Budget.Take(48);
                shape.Add(Size(reader.Message()));
            }
        }
    }

    /// <summary>One size; the last of a number and a name counts, and what is no size is open.</summary>
    private static long? Size(ProtoReader reader)
    {
        long? size = null;
        while (reader.Next())
        {
            size = reader.Field switch
            {
                1 => reader.Int64() is > 0 and var given ? given : null,
                2 => null,
                _ => size,
            };
        }

        return size;
    }
}
