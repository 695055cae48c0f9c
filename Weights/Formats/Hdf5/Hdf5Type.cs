namespace Interp.Weights.Formats.Hdf5;

/// <summary>What the elements of a dataset or an attribute are.</summary>
/// <param name="Size">Bytes of one.</param>
/// <param name="Number">Their type, if they are numbers that can be read.</param>
/// <param name="IsText">Whether they are texts of fixed size.</param>
/// <param name="IsVariableText">Whether they are texts of any size.</param>
/// <param name="Words">What they are, in words.</param>
internal sealed record Hdf5Type(int Size, ElementType? Number, bool IsText, bool IsVariableText, string Words)
{
    private const int MaxElement = 1 << 24;

    /// <summary>Reads a datatype message.</summary>
    internal static Hdf5Type Read(Hdf5File file, ReadOnlySpan<byte> bytes, string what)
    {
        var cursor = new Hdf5Cursor(file, bytes, what);
        int kind = cursor.U8() & 15;
        int bits = cursor.U8();
        cursor.Skip(2);
        uint size = cursor.U32();
        if (size is 0 or > MaxElement)
        {
            throw file.Damaged($"{what} has elements of {size} bytes");
        }

        bool isBig = (bits & 1) != 0;
        return kind switch
        {
            0 or 1 when isBig => new((int)size, null, false, false, "numbers with their most significant byte first"),
            0 => Whole((int)size, (bits & 8) != 0, cursor.U16() == 0 && cursor.U16() == 8 * size),
            1 => Float((int)size, cursor.Take(8)),
            3 => new((int)size, null, true, false, "text"),
            5 => new((int)size, null, false, false, "bytes"),
            9 when (bits & 15) == 1 => new((int)size, null, false, true, "text"),
            _ => new((int)size, null, false, false, Name(kind)),
        };
    }

    private static Hdf5Type Whole(int size, bool isSigned, bool isWhole)
    {
        ElementType? type = !isWhole ? null : (size, isSigned) switch
        {
            (1, true) => ElementType.Int8,
            (2, true) => ElementType.Int16,
            (4, true) => ElementType.Int32,
            (8, true) => ElementType.Int64,
            (1, false) => ElementType.UInt8,
            (2, false) => ElementType.UInt16,
            (4, false) => ElementType.UInt32,
            (8, false) => ElementType.UInt64,
            _ => null,
        };
        return new(size, type, false, false, "whole numbers of an unusual size");
    }

    /// <summary>Bit offset and precision in 16 bits each; place and size of the exponent and of the mantissa.</summary>
    private static Hdf5Type Float(int size, ReadOnlySpan<byte> layout)
    {
        ElementType? type = layout switch
        {
            [0, 0, 16, 0, 10, 5, 0, 10] when size == 2 => ElementType.Float16,
            [0, 0, 16, 0, 7, 8, 0, 7] when size == 2 => ElementType.BFloat16,
            [0, 0, 32, 0, 23, 8, 0, 23] when size == 4 => ElementType.Float32,
            [0, 0, 64, 0, 52, 11, 0, 52] when size == 8 => ElementType.Float64,
            _ => null,
        };
        return new(size, type, false, false, "numbers of an unusual format");
    }

    private static string Name(int kind) => kind switch
    {
        2 => "times",
        4 => "bit fields",
        6 => "compounds",
        7 => "references",
        8 => "enumerations",
        9 => "lists of any size",
        10 => "arrays",
        _ => $"elements of class {kind}",
    };
}
