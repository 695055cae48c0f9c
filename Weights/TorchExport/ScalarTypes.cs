using Interp.Engine.Common;
using Interp.Weights.Formats;

namespace Interp.Weights.TorchExport;

/// <summary>Element types by the numbers that exported programs have for them, and by those that ONNX's <c>Cast</c> has.</summary>
internal static class ScalarTypes
{
    private static readonly (long Number, ElementType Type, long Onnx)[] Known =
    [
        (1, ElementType.UInt8, 2), (2, ElementType.Int8, 3), (3, ElementType.Int16, 5), (4, ElementType.Int32, 6),
        (5, ElementType.Int64, 7), (6, ElementType.Float16, 10), (7, ElementType.Float32, 1), (8, ElementType.Float64, 11),
        (12, ElementType.Bool, 9), (13, ElementType.BFloat16, 16), (28, ElementType.UInt16, 4),
    ];

    /// <summary>The type of a number, or null where it is none that can be read.</summary>
    internal static ElementType? Find(long number) => Known.FirstOrDefault(k => k.Number == number).Type;

    /// <summary>Whether the number is one of whole numbers or truth values.</summary>
    internal static bool IsWhole(long number) => number is >= 1 and <= 5 or 12 or 28;

    /// <summary>ONNX's number of it.</summary>
    /// <exception cref="ModelException">ONNX has none, or it cannot be read.</exception>
    internal static long Onnx(long number) => Known.FirstOrDefault(k => k.Number == number) is { Type: not null } known ? known.Onnx
        : throw new ModelException($"elements of PyTorch's type {number} cannot be read; convert them to float32 before the export");
}
