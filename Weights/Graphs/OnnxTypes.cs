using Interp.Weights.Formats;

namespace Interp.Weights.Graphs;

/// <summary>ONNX's numbers of element types (<c>TensorProto.DataType</c>), as attribute <c>to</c> of Cast has them.</summary>
internal static class OnnxTypes
{
    private static readonly ElementType?[] Types =
    [
        null, ElementType.Float32, ElementType.UInt8, ElementType.Int8, ElementType.UInt16, ElementType.Int16, ElementType.Int32,
        ElementType.Int64, null, ElementType.Bool, ElementType.Float16, ElementType.Float64, ElementType.UInt32, ElementType.UInt64,
        null, null, ElementType.BFloat16,
    ];

    /// <summary>The type of a number, or null for one whose values cannot be read: text, float8, complex and small integers.</summary>
    internal static ElementType? Of(long code) => code >= 0 && code < Types.Length ? Types[code] : null;

    /// <summary>The number of a type whose values can be read.</summary>
    internal static long CodeOf(ElementType type) => Array.IndexOf(Types, type);
}
