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
    private nint _address;

    /// <summary>Allocates <paramref name="bytes"/> zeroed bytes.</summary>
    /// <exception cref="OutOfMemoryException">The memory is not available.</exception>
    public NativeBuffer(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes, 1);
        bool huge = bytes >= HugePage;
        Bytes = bytes;
        _address = (nint)NativeMemory.AlignedAlloc((nuint)bytes, huge ? (nuint)HugePage : 64);
        if (huge && OperatingSystem.IsLinux())
        {
            _ = Madvise(_address, (nuint)bytes, 14); // MADV_HUGEPAGE: advice only, so a refusal changes nothing but speed.
        }

        NativeMemory.Clear((void*)_address, (nuint)bytes);
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
            ObjectDisposedException.ThrowIf(_address == 0, this);
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
        nint address = Interlocked.Exchange(ref _address, 0);
        if (address != 0)
        {
            NativeMemory.AlignedFree((void*)address);
            GC.RemoveMemoryPressure(Bytes);
            Interlocked.Add(ref s_live, -Bytes);
        }
    }
}
