using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Interp.Engine.Tensors;

/// <summary>Exact widening of IEEE binary16 to binary32, vectorised.</summary>
internal static class HalfConversion
{
    /// <summary>
    /// Converts each binary16 bit pattern to the float32 of the same value, subnormals, infinities and NaN included. Spans of equal length.
    /// </summary>
    public static void Widen(ReadOnlySpan<ushort> source, Span<float> destination)
    {
        int i = 0;
        for (; i + 16 <= source.Length; i += 16)
        {
            Vector256<short> half = Vector256.Create(source[i..]).AsInt16();
            Widen(Vector256.WidenLower(half)).CopyTo(destination[i..]);
            Widen(Vector256.WidenUpper(half)).CopyTo(destination[(i + 8)..]);
        }

        for (; i < source.Length; i++)
        {
            destination[i] = (float)BitConverter.UInt16BitsToHalf(source[i]);
        }
    }

    /// <summary>
    /// Eight binary16 patterns, sign-extended, to float32. The bits are moved to their float32 place, without the copies of the sign, and
    /// multiplied by 2^112,
    /// which corrects the exponent's bias and normalises subnormals at once; the all-ones exponent is restored for infinities and NaN.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<float> Widen(Vector256<int> half)
    {
        Vector256<int> placed = (half << 13) & Vector256.Create(unchecked((int)0x8FFFE000));
        Vector256<float> scaled = placed.AsSingle() * BitConverter.UInt32BitsToSingle(0x77800000u);
        Vector256<int> special = Vector256.GreaterThan(
            placed & Vector256.Create(0x0FFFE000), Vector256.Create(0x0F7FE000)) & Vector256.Create(0x7F800000);
        return (scaled.AsInt32() | special).AsSingle();
    }
}
