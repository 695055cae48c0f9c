using Interp.Engine.Common;
using Interp.Weights.Formats;

namespace Interp.Weights.Graphs.Arrays;

/// <summary>Numbers in float64 as numbers of the types that they are of in a graph.</summary>
internal static class Numbers
{
    /// <summary>Whole numbers up to here are exact in float64: 2^53.</summary>
    internal const double MaxWhole = 1L << 53;

    /// <summary>The whole number that it is; what is beyond 63 bits is the largest or smallest there is, which ONNX's indices use for
    /// "to the end".</summary>
    /// <exception cref="ModelException">It is not whole.</exception>
    internal static long Whole(double value) => double.IsInteger(value) ? (long)value
        : throw new ModelException($"the number {value} where a whole one was expected");

    /// <summary>The nearest number of a type of floating-point numbers; of other types, the number itself.</summary>
    internal static double Rounded(ElementType type, double value) =>
        type == ElementType.Float32 ? (float)value
        : type == ElementType.Float16 ? (double)(Half)value
        : type == ElementType.BFloat16 ? BFloat16((float)value)
        : value;

    /// <summary>
    /// A result as a number of its type. Floating-point numbers stay in float64, which is nearer to the exact result than what a runtime
    /// computes. Whole numbers of up to 32 bits wrap around as they do there; of 64 bits, those beyond 2^53 are refused, since they may
    /// have been rounded.
    /// </summary>
    /// <exception cref="ModelException">It has none.</exception>
    internal static double Fit(ElementType type, double value)
    {
        if (type.Decode is null)
        {
            throw new ModelException($"numbers of type {type.Name} are not supported");
        }

        if (type == ElementType.Float32 || type == ElementType.Float64 || type == ElementType.Float16 || type == ElementType.BFloat16)
        {
            return value;
        }

        if (type == ElementType.Bool)
        {
            return value == 0 ? 0 : 1;
        }

        if (!double.IsInteger(value) || Math.Abs(value) > MaxWhole || (value < 0 && type == ElementType.UInt64))
        {
            throw new ModelException($"{value} cannot be a number of type {type.Name}");
        }

        long whole = (long)value;
        return type == ElementType.Int32 ? (int)whole
            : type == ElementType.Int16 ? (short)whole
            : type == ElementType.Int8 ? (sbyte)whole
            : type == ElementType.UInt32 ? (uint)whole
            : type == ElementType.UInt16 ? (ushort)whole
            : type == ElementType.UInt8 ? (byte)whole
            : value;
    }

    private static double BFloat16(float value)
    {
        if (!float.IsFinite(value))
        {
            return value;
        }

        // To the nearest, ties to an even last bit.
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return BitConverter.UInt32BitsToSingle((bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000);
    }
}
