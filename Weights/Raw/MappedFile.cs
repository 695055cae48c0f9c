using System.IO.MemoryMappedFiles;
using Interp.Engine.Common;
using Microsoft.Win32.SafeHandles;

namespace Interp.Weights.Raw;

/// <summary>
/// A file mapped read-only into memory. The mapping lives as long as this object is reachable: weights hold it as their owner, so there is
/// nothing to dispose of. The file may be replaced by rename meanwhile, but must not be shortened in place.
/// </summary>
internal sealed unsafe class MappedFile
{
    /// <summary>ENOMEM; .NET's own for more than the address space; Windows' ERROR_NOT_ENOUGH_MEMORY, ERROR_COMMITMENT_LIMIT.</summary>
    private static readonly int[] OutOfMemoryCodes =
        [12, unchecked((int)0x80131620), unchecked((int)0x80070008), unchecked((int)0x800705AF)];

    private readonly SafeMemoryMappedViewHandle _view;

    /// <summary>Maps a file that is not empty.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="BackendException">The system refuses the memory.</exception>
    internal MappedFile(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
        Length = stream.Length;
        try
        {
            using var file = MemoryMappedFile.CreateFromFile(
                stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            MemoryMappedViewAccessor accessor = file.CreateViewAccessor(0, Length, MemoryMappedFileAccess.Read);
            _view = accessor.SafeMemoryMappedViewHandle;
            byte* address = null;
            _view.AcquirePointer(ref address);
            Address = (nint)address;
            accessor.Dispose();
        }
        catch (IOException e) when (OutOfMemoryCodes.Contains(e.HResult))
        {
            throw new BackendException($"{path}: there is no memory to map its {Length} bytes; free some, or raise the limit (ulimit "
                + "-v)", e);
        }
    }

    /// <summary>Unmaps the file once no weight refers to it any more.</summary>
    ~MappedFile() => _view?.ReleasePointer();

    /// <summary>Size of the file in bytes.</summary>
    internal long Length { get; }

    /// <summary>Address of its first byte.</summary>
    internal nint Address { get; }
}
