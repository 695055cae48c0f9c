using Interp.Weights.Formats;

namespace Interp.Weights.Onnx.Tensors;

/// <summary>How tensors hold elements of each type.</summary>
internal static class ElementFields
{
    private static readonly string[] Names =
    [
        "undefined", "float32", "uint8", "int8", "uint16", "int16", "int32", "int64", "string", "bool", "float16", "float64", "uint32",
        "uint64", "complex64", "complex128", "bfloat16", "float8_e4m3fn", "float8_e4m3fnuz", "float8_e5m2", "float8_e5m2fnuz", "uint4",
        "int4", "float4_e2m1", "float8_e8m0", "uint2", "int2",
    ];

    /// <summary>The field of a tensor that holds its elements where <c>raw_data</c> does not.</summary>
    internal static int FieldOf(ElementType type) => type.Name switch
    {
        "float32" => 4,
        "int64" => 7,
        "float64" => 10,
        "uint32" or "uint64" => 11,
        _ => 5,
    };

    /// <summary>The type's name for messages.</summary>
    internal static string NameOf(int number) => number >= 0 && number < Names.Length ? Names[number] : $"number {number}";
}
