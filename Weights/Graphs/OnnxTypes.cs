using Interp.Weights.Formats;

namespace Interp.Weights.Graphs;

/// <summary>ONNX's numbers of element types (<c>TensorProto.DataType</c>), as attribute <c>to</c> of Cast has them.</summary>
internal static class OnnxTypes
{
    /// <summary>The type of a number, or null for one whose values cannot be read: text, float8, complex and small integers.</summary>
    internal static ElementType? Of(long code) => code switch
    {
        1 => ElementType.Float32,
        2 => ElementType.UInt8,
        3 => ElementType.Int8,
        4 => ElementType.UInt16,
        5 => ElementType.Int16,
        6 => ElementType.Int32,
        7 => ElementType.Int64,
        9 => ElementType.Bool,
        10 => ElementType.Float16,
        11 => ElementType.Float64,
        12 => ElementType.UInt32,
        13 => ElementType.UInt64,
        16 => ElementType.BFloat16,
        _ => null,
    };
}
