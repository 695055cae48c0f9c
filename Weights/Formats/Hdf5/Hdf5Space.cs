using System.Collections.Immutable;

namespace Interp.Weights.Formats.Hdf5;

/// <summary>Reads how many elements a dataset or an attribute has along which axes.</summary>
internal static class Hdf5Space
{
    /// <summary>The sizes; none for one element. An empty dataset has a size 0.</summary>
    internal static ImmutableArray<long> Read(Hdf5File file, ReadOnlySpan<byte> bytes, string what)
    {
        const int Null = 2;
        var cursor = new Hdf5Cursor(file, bytes, what);
        int version = cursor.U8();
        int rank = cursor.U8();
        cursor.Skip(1);
        if (version is not (1 or 2) || rank > StoredTensor.MaxRank)
        {
            throw file.Damaged($"{what} has {rank} axes (dataspace of version {version})");
        }

        int kind = cursor.U8();
        cursor.Skip(version == 1 ? 4 : 0);
        if (version == 2 && kind == Null)
        {
            return [0];
        }

        var shape = new long[rank];
        for (int axis = 0; axis < rank; axis++)
        {
            shape[axis] = cursor.U64();
        }

        return StoredTensor.CountOf(shape) is null ? throw file.Damaged($"{what} has more elements than a file can hold") : [.. shape];
    }
}
