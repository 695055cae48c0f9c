using System.Collections.Immutable;

namespace Interp.Weights.Formats.Hdf5;

/// <summary>Puts together a dataset that is stored in chunks, which a tree lists.</summary>
/// <param name="file">The file.</param>
/// <param name="what">The dataset, for messages.</param>
/// <param name="shape">Its sizes.</param>
/// <param name="chunk">Sizes of a chunk.</param>
/// <param name="size">Bytes of an element.</param>
/// <param name="filters">What was done to the chunks' bytes.</param>
internal sealed class Hdf5Chunks(
    Hdf5File file, string what, ImmutableArray<long> shape, ImmutableArray<long> chunk, int size, Hdf5Filters filters)
{
    private const int ChunkNode = 1;
    private const int MaxDepth = 32;
    private readonly HashSet<long> _seen = [];
    private readonly HashSet<long> _places = [];
    private readonly int _rank = shape.Length;

    /// <summary>All elements' bytes, in row-major order.</summary>
    internal byte[] Read(long tree)
    {
        var bytes = new byte[StoredTensor.CountOf(shape.AsSpan())!.Value * size];
        if (tree != Hdf5File.Nowhere)
        {
            ReadNode(tree, int.MaxValue, bytes);
        }

        long count = shape.Zip(chunk, (s, c) => (s + c - 1) / c).Aggregate(1L, (product, n) => product * n);
        return _places.Count == count ? bytes : throw file.Damaged($"{what} has {_places.Count} chunks, expected {count}");
    }

    private void ReadNode(long address, int above, byte[] into)
    {
        const int Head = 24;
        var head = new Hdf5Cursor(file, file.Read(address, Head, what), what);
        head.Signature("TREE"u8);
        int kind = head.U8();
        int level = head.U8();
        int count = head.U16();
        if (kind != ChunkNode || level >= above || level > MaxDepth || !_seen.Add(address))
        {
            throw file.Damaged($"{what}: its tree of chunks is not one");
        }

        int key = 8 + 8 * (_rank + 1);
        var entries = new Hdf5Cursor(file, file.Read(address + Head, (long)(key + 8) * count, what), what);
        var place = new long[_rank];
        for (int i = 0; i < count; i++)
        {
            uint stored = entries.U32();
            uint mask = entries.U32();
            for (int axis = 0; axis < _rank; axis++)
            {
                place[axis] = entries.U64();
            }

            entries.Skip(8);
            long child = entries.U64();
            if (level > 0)
            {
                ReadNode(child, level, into);
                continue;
            }

            file.Count(what);
            if (!_seen.Add(child) || !IsNew(place))
            {
                throw file.Damaged($"{what}: its tree of chunks is not one");
            }

            int bytes = (int)(StoredTensor.CountOf(chunk.AsSpan())!.Value * size);
            Place(filters.Undo(file.Read(child, stored, what), mask, bytes), place, into);
        }
    }

    /// <summary>Whether a chunk's place is one, and none had it before.</summary>
    private bool IsNew(long[] place)
    {
        long number = 0;
        for (int axis = 0; axis < _rank; axis++)
        {
            if (place[axis] >= shape[axis] || place[axis] % chunk[axis] != 0)
            {
                return false;
            }

            number = number * ((shape[axis] + chunk[axis] - 1) / chunk[axis]) + place[axis] / chunk[axis];
        }

        return _places.Add(number);
    }

    /// <summary>Copies the part of a chunk that lies in the dataset, row by row.</summary>
    private void Place(byte[] from, long[] place, byte[] into)
    {
        long run = _rank == 0 ? 1 : Math.Min(chunk[^1], shape[^1] - place[^1]);
        long rows = _rank == 0 ? 1 : from.LongLength / size / chunk[^1];
        for (long row = 0; row < rows; row++)
        {
            long rest = row;
            long target = 0;
            long stride = _rank == 0 ? 0 : shape[^1];
            bool isInside = true;
            for (int axis = _rank - 2; axis >= 0; axis--)
            {
                (rest, long index) = Math.DivRem(rest, chunk[axis]);
                index += place[axis];
                isInside &= index < shape[axis];
                target += index * stride;
                stride *= shape[axis];
            }

            if (isInside)
            {
                target += _rank == 0 ? 0 : place[^1];
                from.AsSpan((int)(row * (_rank == 0 ? 1 : chunk[^1]) * size), (int)(run * size)).CopyTo(into.AsSpan((int)(target * size)));
            }
        }
    }
}
