using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Interp.Engine.Common;

namespace Interp.Engine.Tensors;

/// <summary>NumPy's <c>.npy</c> files (format version 1.0 written, 1.0 to 3.0 read), float32, C order.</summary>
public static class Npy
{
    private const int MaximumHeader = 1 << 16;
    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Writes a float32 array. The data starts at a multiple of 64 bytes.</summary>
    public static void Write(Stream stream, Shape shape, ReadOnlySpan<float> values)
    {
        if (shape.Count != values.Length)
        {
            throw new ArgumentException($"shape {shape} holds {shape.Count} values, {values.Length} were given", nameof(values));
        }

        string dims = shape.Rank == 1 ? $"({shape[0]},)" : $"({string.Join(", ", shape.Dims)})";
        string dictionary = $"{{'descr': '<f4', 'fortran_order': False, 'shape': {dims}, }}";
        int padded = (10 + dictionary.Length + 1 + 63) / 64 * 64;
        var header = new byte[padded];
        Magic.CopyTo(header);
        header[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)(padded - 10));
        header.AsSpan(10).Fill((byte)' ');
        Encoding.ASCII.GetBytes(dictionary, header.AsSpan(10));
        header[^1] = (byte)'\n';
        stream.Write(header);
        if (BitConverter.IsLittleEndian)
        {
            stream.Write(MemoryMarshal.AsBytes(values));
            return;
        }

        Span<byte> element = stackalloc byte[4];
        foreach (float value in values)
        {
            BinaryPrimitives.WriteSingleLittleEndian(element, value);
            stream.Write(element);
        }
    }

    /// <summary>Reads a float32 array in C order.</summary>
    /// <exception cref="InputException">The file cannot be read, is not such a file, or does not hold as much data as its header
    /// says.</exception>
    public static (Shape Shape, float[] Values) Read(string path) =>
        InputFile.Read(path, "a .npy file", stream => Read(stream, path), default);

    /// <summary>The same of an open file, from its beginning.</summary>
    internal static (Shape Shape, float[] Values) Read(FileStream stream, string path)
    {
        if (!stream.CanSeek)
        {
            throw new InputException($"{path}: is a pipe or a device, expected a .npy file; save it as a file first");
        }

        var prefix = new byte[12];
        if (stream.ReadAtLeast(prefix, 10, throwOnEndOfStream: false) < 10 || !prefix.AsSpan(0, 6).SequenceEqual(Magic))
        {
            throw new InputException($"{path}: not a .npy file: it does not start with \\x93NUMPY");
        }

        bool wide = prefix[6] >= 2;
        uint length = wide ? BinaryPrimitives.ReadUInt32LittleEndian(prefix.AsSpan(8))
            : BinaryPrimitives.ReadUInt16LittleEndian(prefix.AsSpan(8));
        stream.Position = wide ? 12 : 10;
        if (prefix[6] is < 1 or > 3 || length > MaximumHeader || stream.Position + length > stream.Length)
        {
            throw new InputException(
                $"{path}: damaged .npy header (version {prefix[6]}, header of {length} bytes in a file of {stream.Length})");
        }

        var bytes = new byte[length];
        stream.ReadExactly(bytes);
        string header = Encoding.Latin1.GetString(bytes);
        if (!header.Contains("'<f4'", StringComparison.Ordinal) || !header.Contains("'fortran_order': False", StringComparison.Ordinal))
        {
            throw new InputException($"{path}: expected a float32 array in C order ('descr': '<f4'), found {header.Trim()}");
        }

        Shape shape = ParseShape(header, path);
        Int128 needed = (Int128)shape.Count * 4;
        if (needed != stream.Length - stream.Position)
        {
            throw new InputException(
                $"{path}: shape {shape} needs {needed} bytes of data, the file holds {stream.Length - stream.Position}");
        }

        var values = new float[shape.Count];
        stream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return (shape, values);
    }

    private static Shape ParseShape(string header, string path)
    {
        int key = header.IndexOf("'shape':", StringComparison.Ordinal);
        int open = key < 0 ? -1 : header.IndexOf('(', key);
        int close = open < 0 ? -1 : header.IndexOf(')', open);
        if (close < 0)
        {
            throw new InputException($"{path}: the .npy header has no shape: {header.Trim()}");
        }

        try
        {
            string[] parts = header[(open + 1)..close].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            return new Shape([.. parts.Select(p => int.Parse(p, NumberStyles.None))]);
        }
        catch (Exception e) when (e is FormatException or OverflowException or ArgumentException)
        {
            throw new InputException($"{path}: the .npy header's shape is not usable: {header[open..(close + 1)]}", e);
        }
    }
}
