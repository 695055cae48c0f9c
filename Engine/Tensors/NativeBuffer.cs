using System.Runtime.InteropServices;

namespace Interp.Engine.Tensors;

/// <summary>
/// The owner of a block of zeroed native memory, aligned for the widest vectors; blocks of 2 MiB and more are aligned to, and offered as,
/// huge pages, since touching fresh 4 KiB pages costs more than the arithmetic on them. Freed by <see cref="Dispose"/>, or at the latest by
/// the finalizer.
/// </summary>
public sealed unsafe partial class NativeBuffer : IDisposable
{
    private const long HugePage = 2L << 20;
    private static long s_live;
    private readonly nint _address;
    private nint _block;

    /// <summary>Allocates <paramref name="bytes"/> zeroed bytes.</summary>
    /// <exception cref="OutOfMemoryException">The memory is not available.</exception>
    public NativeBuffer(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes, 1);
        long alignment = bytes >= HugePage ? HugePage : 64;
        Bytes = bytes;
        // Zeroed by the allocator, which knows that pages fresh from the system are: the threads that first use them then share the work of
        // getting them.
        _block = (nint)NativeMemory.AllocZeroed((nuint)(bytes + alignment));
        _address = (_block + (nint)alignment - 1) / (nint)alignment * (nint)alignment;
        if (alignment == HugePage && OperatingSystem.IsLinux())
        {
            _ = Madvise(_address, (nuint)bytes, 14); // MADV_HUGEPAGE: advice only, so a refusal changes nothing but speed.
        }

        GC.AddMemoryPressure(bytes);
        Interlocked.Add(ref s_live, bytes);
    }

    /// <summary>Frees the memory if <see cref="Dispose"/> was not called.</summary>
    ~NativeBuffer() => Free();

    /// <summary>Bytes now allocated by all buffers of the process.</summary>
    public static long LiveBytes => Interlocked.Read(ref s_live);

    /// <summary>Size of this block.</summary>
    public long Bytes { get; }

    /// <summary>The block's address.</summary>
    /// <exception cref="ObjectDisposedException">The buffer was disposed of.</exception>
    public nint Address
    {
        get
        {
            ObjectDisposedException.ThrowIf(_block == 0, this);
            return _address;
        }
    }

    /// <summary>Frees the memory; calling it again does nothing.</summary>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Madvise(nint address, nuint length, int advice);

    private void Free()
    {
        nint block = Interlocked.Exchange(ref _block, 0);
        if (block != 0)
        {
            NativeMemory.Free((void*)block);
            GC.RemoveMemoryPressure(Bytes);
            Interlocked.Add(ref s_live, -Bytes);
        }
    }
}
