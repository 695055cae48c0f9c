using System.Numerics;

namespace Interp.Weights.Formats.Hdf5;

/// <summary>Reads all records of a B-tree of version 2, in which new files keep the names of links and attributes.</summary>
internal sealed class Hdf5Tree2
{
    private const int MaxDepth = 16;
    private const int NodeHead = 6;
    private const int Checksum = 4;
    private readonly Hdf5File _file;
    private readonly string _what;
    private readonly HashSet<long> _seen = [];
    private readonly List<byte[]> _records = [];
    private readonly int _nodeSize;
    private readonly int _recordSize;

    /// <summary>For each level, bytes of the number of records in a node of it and below.</summary>
    private readonly List<int> _totalSizes = [0];

    private readonly int _countSize;

    private Hdf5Tree2(Hdf5File file, long address, string what)
    {
        (_file, _what) = (file, what);
        var cursor = new Hdf5Cursor(file, file.Read(address, 38, what), what);
        cursor.Signature("BTHD"u8);
        cursor.Version(0);
        cursor.Skip(1);
        uint nodeSize = cursor.U32();
        _recordSize = cursor.U16();
        int depth = cursor.U16();
        cursor.Skip(2);
        long root = cursor.U64();
        int count = cursor.U16();
        if (depth > MaxDepth || nodeSize > Hdf5File.MaxStructure || nodeSize <= NodeHead + Checksum || _recordSize == 0)
        {
            throw file.Damaged($"{what}: its tree has nodes of {nodeSize} bytes, records of {_recordSize}, depth {depth}");
        }

        _nodeSize = (int)nodeSize;
        long most = (_nodeSize - NodeHead - Checksum) / _recordSize;
        _countSize = SizeOf(most);
        Int128 total = most;
        for (int level = 1; level < depth; level++)
        {
            long wide = (_nodeSize - NodeHead - Checksum - PointerSize(level)) / (_recordSize + PointerSize(level));
            total = Int128.Min(long.MaxValue, (wide + 1) * total + wide);
            _totalSizes.Add(SizeOf((long)total));
        }

        if (root != Hdf5File.Nowhere)
        {
            ReadNode(root, count, depth);
        }
    }

    /// <summary>All records, in order.</summary>
    internal static List<byte[]> Read(Hdf5File file, long address, string what) => new Hdf5Tree2(file, address, what)._records;

    /// <summary>Bytes that hold a number up to a limit.</summary>
    internal static int SizeOf(long limit) => limit <= 0 ? 1 : BitOperations.Log2((ulong)limit) / 8 + 1;

    /// <summary>Bytes of a pointer in a node of that level: address, number of records, and of all records below unless it is a leaf.
    /// </summary>
    private int PointerSize(int level) => 8 + _countSize + (level > 1 ? _totalSizes[level - 1] : 0);

    private void ReadNode(long address, int count, int level)
    {
        if (!_seen.Add(address))
        {
            throw _file.Damaged($"{_what}: its tree is not one");
        }

        var cursor = new Hdf5Cursor(_file, _file.Read(address, _nodeSize, _what), _what);
        cursor.Signature(level == 0 ? "BTLF"u8 : "BTIN"u8);
        cursor.Version(0);
        cursor.Skip(1);
        var records = new List<byte[]>();
        for (int i = 0; i < count; i++)
        {
            _file.Count(_what);
            records.Add(cursor.Take(_recordSize).ToArray());
        }

        for (int i = 0; i <= count; i++)
        {
            if (level > 0)
            {
                long child = cursor.U64();
                int below = (int)Math.Min(int.MaxValue, cursor.Number(_countSize));
                cursor.Skip(PointerSize(level) - 8 - _countSize);
                ReadNode(child, below, level - 1);
            }

            if (i < count)
            {
                _records.Add(records[i]);
            }
        }
    }
}
