using System.Numerics;

namespace Interp.Weights.Formats.Hdf5;

/// <summary>
/// Reads objects of a fractal heap, in which new files keep the links and attributes of groups that have many: blocks whose sizes double
/// from row to row of a table, some of which are tables themselves.
/// </summary>
internal sealed class Hdf5FractalHeap
{
    private readonly Hdf5File _file;
    private readonly string _what;
    private readonly int _width;
    private readonly long _startSize;
    private readonly long _maxDirect;
    private readonly int _offsetSize;
    private readonly int _lengthSize;
    private readonly long _root;
    private readonly int _rootRows;
    private readonly Dictionary<long, byte[]> _blocks = [];

    internal Hdf5FractalHeap(Hdf5File file, long address, string what)
    {
        (_file, _what) = (file, what);
        var cursor = new Hdf5Cursor(file, file.Read(address, 142, what), what);
        cursor.Signature("FRHP"u8);
        cursor.Version(0);
        cursor.Skip(2);
        int filters = cursor.U16();
        cursor.Skip(1);
        long maxManaged = cursor.U32();
        cursor.Skip(96);
        _width = cursor.U16();
        _startSize = cursor.U64();
        _maxDirect = cursor.U64();
        int maxBits = cursor.U16();
        cursor.Skip(2);
        _root = cursor.U64();
        _rootRows = cursor.U16();
        if (filters != 0)
        {
            throw file.Error($"{what} is compressed, which is not read; save the model again with Keras's usual settings");
        }

        if (_width is 0 or > 1024 || maxBits is 0 or > 63 || !IsSize(_startSize) || !IsSize(_maxDirect) || _maxDirect < _startSize)
        {
            throw file.Damaged($"{what}: its heap has blocks of {_startSize} to {_maxDirect} bytes in rows of {_width}");
        }

        _offsetSize = (maxBits + 7) / 8;
        _lengthSize = Math.Min((BitOperations.Log2((ulong)_maxDirect) + 7) / 8, Hdf5Tree2.SizeOf(maxManaged));
    }

    /// <summary>The object of an identifier.</summary>
    internal byte[] Read(ReadOnlySpan<byte> identifier)
    {
        const int Huge = 1;
        const int Tiny = 2;
        var cursor = new Hdf5Cursor(_file, identifier, _what);
        int first = cursor.U8();
        switch (first >> 4)
        {
            case 0:
                long offset = cursor.Number(_offsetSize);
                return ReadManaged(offset, cursor.Number(_lengthSize));
            case Tiny:
                return cursor.Take((first & 15) + 1).ToArray();
            case Huge:
                throw _file.Error($"{_what} holds one that is stored apart for its size, which is not read; save the model as .keras");
            default:
                throw _file.Damaged($"{_what}: an identifier of its heap is of no known kind");
        }
    }

    private static bool IsSize(long size) => size is > 0 and <= Hdf5File.MaxStructure && BitOperations.IsPow2(size);

    private byte[] ReadManaged(long offset, long length)
    {
        (long address, long start, long size) = _rootRows == 0 ? (_root, 0L, _startSize) : Find(_root, 0, _rootRows, offset);
        if (offset < start || offset - start > size || length > size - (offset - start))
        {
            throw _file.Damaged($"{_what}: an object of its heap does not lie in a block");
        }

        if (!_blocks.TryGetValue(address, out byte[]? block))
        {
            block = _file.Read(address, size, _what);
            new Hdf5Cursor(_file, block, _what).Signature("FHDB"u8);
            _blocks.Add(address, block);
        }

        return block.AsSpan((int)(offset - start), (int)length).ToArray();
    }

    /// <summary>The direct block that holds an offset: its address, where it begins in the heap, its size.</summary>
    private (long Address, long Start, long Size) Find(long table, long tableStart, int rows, long offset)
    {
        int directRows = BitOperations.Log2((ulong)_maxDirect) - BitOperations.Log2((ulong)_startSize) + 2;
        while (true)
        {
            (int row, long rowStart, long size) = Row(offset - tableStart);
            int column = (int)((offset - tableStart - rowStart) / size);
            if (row >= rows || column >= _width)
            {
                throw _file.Damaged($"{_what}: an object of its heap does not lie in a block");
            }

            int head = 13 + _offsetSize;
            new Hdf5Cursor(_file, _file.Read(table, head, _what), _what).Signature("FHIB"u8);
            byte[] entry = _file.Read(table + head + 8 * ((long)row * _width + column), 8, _what);
            long address = new Hdf5Cursor(_file, entry, _what).U64();
            long start = tableStart + rowStart + column * size;
            if (row < directRows)
            {
                return (address, start, size);
            }

            // Each table is smaller than the one that it is in, so that this ends.
            rows = BitOperations.Log2((ulong)size) - BitOperations.Log2((ulong)(_startSize * _width)) + 1;
            (table, tableStart) = (address, start);
        }
    }

    /// <summary>The row of a table that holds an offset: its number, where it begins, the size of its blocks.</summary>
    private (int Row, long Start, long Size) Row(long offset)
    {
        long whole = _startSize * _width;
        if (offset < whole)
        {
            return (0, 0, _startSize);
        }

        int row = BitOperations.Log2((ulong)(offset / whole)) + 1;
        return (row, whole << row - 1, _startSize << row - 1);
    }
}
