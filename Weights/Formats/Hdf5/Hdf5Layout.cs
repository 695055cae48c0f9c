using System.Collections.Immutable;

namespace Interp.Weights.Formats.Hdf5;

/// <summary>Where the elements of a dataset lie.</summary>
/// <param name="Address">The first byte, or the tree of chunks; <see cref="Hdf5File.Nowhere"/> where nothing was written.</param>
/// <param name="Inside">The bytes themselves, where they lie in the header.</param>
/// <param name="Chunk">The sizes of a chunk, where there are chunks.</param>
internal sealed record Hdf5Layout(long Address, ReadOnlyMemory<byte>? Inside, ImmutableArray<long>? Chunk)
{
    /// <summary>Reads a layout message.</summary>
    internal static Hdf5Layout Read(Hdf5File file, ReadOnlyMemory<byte> message, string what)
    {
        var cursor = new Hdf5Cursor(file, message.Span, what);
        int version = cursor.U8();
        int kind = cursor.U8();
        switch (kind)
        {
            case 0 when version is 3 or 4:
                int size = cursor.U16();
                int at = cursor.Position;
                cursor.Skip(size);
                return new(Hdf5File.Nowhere, message.Slice(at, size), null);
            case 1 when version is 3 or 4:
                return new(cursor.U64(), null, null);
            case 2 when version == 3:
                return ReadChunks(ref cursor, file, what);
            case 3:
                throw file.Error($"{what} is a virtual dataset, whose data lie in other files; save the model again with Keras");
            default:
                throw file.Error($"{what} is laid out in a way that is not read ({(kind == 2 ? "chunks" : $"class {kind}")}, version "
                    + $"{version}); save the model again with Keras's usual settings");
        }
    }

    private static Hdf5Layout ReadChunks(ref Hdf5Cursor cursor, Hdf5File file, string what)
    {
        int rank = cursor.U8() - 1;
        if (rank is < 0 or > StoredTensor.MaxRank)
        {
            throw file.Damaged($"{what} has chunks of {rank} axes");
        }

        long address = cursor.U64();
        var chunk = new long[rank];
        for (int axis = 0; axis < rank; axis++)
        {
            chunk[axis] = cursor.U32();
        }

        return chunk.Contains(0) || StoredTensor.CountOf(chunk) is null or > int.MaxValue
            ? throw file.Damaged($"{what} has chunks of {string.Join('x', chunk)} elements")
            : new(address, null, [.. chunk]);
    }
}
