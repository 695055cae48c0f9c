using Interp.Weights.Formats;

namespace Interp.Weights.Onnx.Tensors;

/// <summary>The types of elements, by ONNX's numbers.</summary>
internal static class OnnxTypes
{
    /// <summary>Each type that can be read, and the field of a tensor that holds its elements where <c>raw_data</c> does not.</summary>
    private static readonly Dictionary<int, (ElementType Type, int Field)> Readable = new()
    {
        [1] = (ElementType.Float32, 4),
        [2] = (ElementType.UInt8, 5),
        [3] = (ElementType.Int8, 5),
        [4] = (ElementType.UInt16, 5),
        [5] = (ElementType.Int16, 5),
        [6] = (ElementType.Int32, 5),
        [7] = (ElementType.Int64, 7),
        [9] = (ElementType.Bool, 5),
        [10] = (ElementType.Float16, 5),
        [11] = (ElementType.Float64, 10),
        [12] = (ElementType.UInt32, 11),
        [13] = (ElementType.UInt64, 11),
        [16] = (ElementType.BFloat16, 5),
    };

    private static readonly string[] Names =
    [
        "undefined", "float32", "uint8", "int8", "uint16", "int16", "int32", "int64", "string", "bool", "float16", "float64", "uint32",
        "uint64", "complex64", "complex128", "bfloat16", "float8_e4m3fn", "float8_e4m3fnuz", "float8_e5m2", "float8_e5m2fnuz", "uint4",
        "int4", "float4_e2m1", "float8_e8m0", "uint2", "int2",
    ];

    /// <summary>The type, or null where no value of it is read.</summary>
    internal static ElementType? Find(int number) => Readable.GetValueOrDefault(number).Type;

    /// <summary>The field of a tensor that holds its elements.</summary>
    internal static int FieldOf(int number) => Readable[number].Field;

    /// <summary>The type's name for messages.</summary>
    internal static string NameOf(int number) => number >= 0 && number < Names.Length ? Names[number] : $"number {number}";
}
