using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Interp.Weights.Formats;

/// <summary>Converts stored little-endian elements to float64; the destination holds as many elements as the source.</summary>
internal delegate void ElementDecoder(ReadOnlySpan<byte> source, Span<double> destination);

/// <summary>Fills the destination with the bytes of elements, from one on.</summary>
internal delegate void ElementBytes(long first, Span<byte> destination);

/// <summary>How the elements of a stored tensor are encoded. Compared by reference: every type is one of the fields below.</summary>
/// <param name="name">PyTorch's name: <c>float32</c>.</param>
/// <param name="size">Bytes of one element.</param>
/// <param name="decode">The conversion to float64, or null where there is none.</param>
internal sealed class ElementType(string name, int size, ElementDecoder? decode)
{
    private const int PieceBytes = 1 << 16;

    /// <summary>The types whose values can be read.</summary>
    public static readonly ElementType Float64 = new("float64", 8, Widen<double>);
    public static readonly ElementType Float32 = new("float32", 4, Widen<float>);
    public static readonly ElementType Float16 = new("float16", 2, Widen<Half>);
    public static readonly ElementType BFloat16 = new("bfloat16", 2, WidenBFloat16);
    public static readonly ElementType Int64 = new("int64", 8, Widen<long>);
    public static readonly ElementType Int32 = new("int32", 4, Widen<int>);
    public static readonly ElementType Int16 = new("int16", 2, Widen<short>);
    public static readonly ElementType Int8 = new("int8", 1, Widen<sbyte>);
    public static readonly ElementType UInt64 = new("uint64", 8, Widen<ulong>);
    public static readonly ElementType UInt32 = new("uint32", 4, Widen<uint>);
    public static readonly ElementType UInt16 = new("uint16", 2, Widen<ushort>);
    public static readonly ElementType UInt8 = new("uint8", 1, Widen<byte>);
    public static readonly ElementType Bool = new("bool", 1, WidenBool);

    /// <summary>Types that may be in a file, beside weights, but that no value is read from.</summary>
    public static readonly ElementType Float8E4M3 = new("float8_e4m3fn", 1, null);
    public static readonly ElementType Float8E5M2 = new("float8_e5m2", 1, null);
    public static readonly ElementType Float8E8M0 = new("float8_e8m0fnu", 1, null);
    public static readonly ElementType Complex64 = new("complex64", 8, null);
    public static readonly ElementType Complex128 = new("complex128", 16, null);

    /// <summary>PyTorch's name for the type.</summary>
    public string Name => name;

    /// <summary>Bytes of one element.</summary>
    public int Size => size;

    /// <summary>Whether its numbers are whole; truth values are no numbers.</summary>
    public bool IsInteger => name.StartsWith("int", StringComparison.Ordinal) || name.StartsWith("uint", StringComparison.Ordinal);

    /// <summary>Whether its numbers are floating-point ones.</summary>
    public bool IsFloat => name.Contains("float", StringComparison.Ordinal);

    /// <summary>The conversion to float64, or null where there is none.</summary>
    public ElementDecoder? Decode => decode;

    /// <summary>Reads elements from one on, a piece at a time. The type is one whose values can be read.</summary>
    /// <param name="bytes">Gives the bytes of elements.</param>
    /// <param name="first">The first element.</param>
    /// <param name="into">Their values.</param>
    public void Read(ElementBytes bytes, long first, Span<double> into)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            while (!into.IsEmpty)
            {
                int count = Math.Min(into.Length, PieceBytes / size);
                Span<byte> piece = buffer.AsSpan(0, count * size);
                bytes(first, piece);
                decode!(piece, into[..count]);
                into = into[count..];
                first += count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void Widen<T>(ReadOnlySpan<byte> source, Span<double> destination)
        where T : unmanaged, INumberBase<T>
    {
        ReadOnlySpan<T> values = MemoryMarshal.Cast<byte, T>(source);
        for (int i = 0; i < values.Length; i++)
        {
            destination[i] = double.CreateSaturating(values[i]);
        }
    }

    private static void WidenBFloat16(ReadOnlySpan<byte> source, Span<double> destination)
    {
        ReadOnlySpan<ushort> values = MemoryMarshal.Cast<byte, ushort>(source);
        for (int i = 0; i < values.Length; i++)
        {
            destination[i] = BitConverter.UInt32BitsToSingle((uint)values[i] << 16);
        }
    }

    private static void WidenBool(ReadOnlySpan<byte> source, Span<double> destination)
    {
        for (int i = 0; i < source.Length; i++)
        {
            destination[i] = source[i] == 0 ? 0 : 1;
        }
    }
}
