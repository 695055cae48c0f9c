using Interp.Engine.Common;

namespace Interp.Weights.Formats.Hdf5;

/// <summary>
/// An HDF5 file, or one that lies inside another file, opened for reading: groups, attributes and datasets as h5py writes them. What is
/// read is bounded by the file's size; nothing outside it is opened. Written after the HDF5 file format specification, version 3.
/// </summary>
internal sealed class Hdf5File
{
    /// <summary>The most bytes of one structure other than a dataset.</summary>
    internal const int MaxStructure = 1 << 26;

    /// <summary>An address that points nowhere; what a cursor makes of eight bytes of all ones.</summary>
    internal const long Nowhere = long.MaxValue;

    private const int MaxObjects = 1_000_000;
    private readonly WeightFile _file;
    private readonly long _start;
    private long _budget;
    private int _objects;

    private Hdf5File(WeightFile file, long start, long length)
    {
        _file = file;
        _start = start;
        Length = length;
        _budget = 8 * length + MaxStructure;
        Root = new Hdf5Group(this, "/", ReadSuperblock());
    }

    /// <summary>The first bytes of every HDF5 file.</summary>
    internal static ReadOnlySpan<byte> Signature => [0x89, (byte)'H', (byte)'D', (byte)'F', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Its size in bytes.</summary>
    internal long Length { get; }

    /// <summary>The group that holds everything.</summary>
    internal Hdf5Group Root { get; }

    /// <summary>Opens an HDF5 file that lies in an open file.</summary>
    /// <exception cref="ModelException">It is not one, is damaged, or of a kind that is not read.</exception>
    internal static Hdf5File Open(WeightFile file, long start, long length) => new(file, start, length);

    /// <summary>An error that names the file.</summary>
    internal ModelException Error(string what) => _file.Error(what);

    /// <summary>An error of a file whose parts do not fit each other.</summary>
    internal ModelException Damaged(string what) => _file.Damaged($"its HDF5 data: {what}");

    /// <summary>The bytes of a structure.</summary>
    internal byte[] Read(long address, long count, string what)
    {
        if (count > MaxStructure)
        {
            throw Damaged($"{what} is said to have {count} bytes, expected at most {MaxStructure}");
        }

        // The same structures read again and again would make a small file a long task.
        _budget -= count;
        if (_budget < 0)
        {
            throw Damaged($"its structures are read more often than a file of {Length} bytes can need");
        }

        Require(address, count, what);
        var bytes = new byte[count];
        _file.Read(_start + address, bytes);
        return bytes;
    }

    /// <summary>Fills a buffer with a dataset's bytes.</summary>
    internal void Read(long address, Span<byte> into, string what)
    {
        Require(address, into.Length, what);
        _file.Read(_start + address, into);
    }

    /// <summary>Requires that a stretch lies in the file.</summary>
    internal void Require(long address, long count, string what)
    {
        if (address < 0 || count < 0 || address > Length || count > Length - address)
        {
            throw Damaged($"{what} of {count} bytes does not lie in the file");
        }
    }

    /// <summary>Counts something that was found.</summary>
    internal void Count(string what)
    {
        if (++_objects > MaxObjects)
        {
            throw Damaged($"{what}: more than {MaxObjects} objects");
        }
    }

    /// <summary>The address of the root group's object header.</summary>
    private long ReadSuperblock()
    {
        const string What = "the superblock";
        var cursor = new Hdf5Cursor(this, Read(0, Math.Min(Length, 112), What), What);
        if (!cursor.Take(8).SequenceEqual(Signature))
        {
            throw Error("is not an HDF5 file; fetch or save it again");
        }

        int version = cursor.U8();
        if (version > 3)
        {
            throw Error($"is an HDF5 file of version {version}, expected 0 to 3; save the model again with Keras's usual settings");
        }

        cursor.Skip(version < 2 ? 4 : 0);
        if ((cursor.U8(), cursor.U8()) != (8, 8))
        {
            throw Error("is an HDF5 file with addresses of other than 8 bytes, which is not read; save the model again");
        }

        cursor.Skip(version switch { 0 => 9, 1 => 13, _ => 1 });
        if (cursor.U64() != 0)
        {
            throw Error("is an HDF5 file that does not begin at its own start, which is not read; save the model again");
        }

        cursor.Skip(version < 2 ? 32 : 16);
        return cursor.U64();
    }
}
