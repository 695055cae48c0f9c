using Interp.Engine.Common;
using Interp.Weights.Formats;
using Interp.Weights.Graphs;

namespace Interp.Weights.TorchExport;

/// <summary>Element types by the numbers that exported programs have for them.</summary>
internal static class ScalarTypes
{
    private static readonly Dictionary<long, ElementType> Known = new()
    {
        [1] = ElementType.UInt8,
        [2] = ElementType.Int8,
        [3] = ElementType.Int16,
        [4] = ElementType.Int32,
        [5] = ElementType.Int64,
        [6] = ElementType.Float16,
        [7] = ElementType.Float32,
        [8] = ElementType.Float64,
        [12] = ElementType.Bool,
        [13] = ElementType.BFloat16,
        [28] = ElementType.UInt16,
    };

    /// <summary>The type of a number, or null where it is none that can be read.</summary>
    internal static ElementType? Find(long number) => Known.GetValueOrDefault(number);

    /// <summary>Whether the number is one of whole numbers or truth values.</summary>
    internal static bool IsWhole(long number) => Find(number) is { } type && (type.IsInteger || type == ElementType.Bool);

    /// <summary>The number that ONNX's <c>Cast</c> has for it.</summary>
    /// <exception cref="ModelException">It cannot be read.</exception>
    internal static long Onnx(long number) => Find(number) is { } type ? OnnxTypes.CodeOf(type)
        : throw new ModelException($"elements of PyTorch's type {number} cannot be read; convert them to float32 before the export");
}
