using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace Interp.Weights.Raw;

/// <summary>
/// A file mapped read-only into memory. The mapping lives as long as this object is reachable: weights hold it as their owner, so there is
/// nothing to dispose of. The file may be replaced by rename meanwhile, but must not be shortened in place.
/// </summary>
internal sealed unsafe class MappedFile
{
    private readonly SafeMemoryMappedViewHandle _view;

    /// <summary>Maps a file that is not empty.</summary>
    /// <exception cref="IOException">It cannot be opened or mapped.</exception>
    internal MappedFile(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
        Length = stream.Length;
        using var file = MemoryMappedFile.CreateFromFile(
            stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        MemoryMappedViewAccessor accessor = file.CreateViewAccessor(0, Length, MemoryMappedFileAccess.Read);
        _view = accessor.SafeMemoryMappedViewHandle;
        byte* address = null;
        _view.AcquirePointer(ref address);
        Address = (nint)address;
        accessor.Dispose();
    }

    /// <summary>Unmaps the file once no weight refers to it any more.</summary>
    ~MappedFile() => _view?.ReleasePointer();

    /// <summary>Size of the file in bytes.</summary>
    internal long Length { get; }

    /// <summary>Address of its first byte.</summary>
    internal nint Address { get; }
}
