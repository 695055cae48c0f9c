using Interp.Cuda.Native;
using Interp.Engine.Backends;

namespace Interp.Cuda.Driver;

/// <summary>A queue of work that does not wait for the legacy default stream. Copies go through page-locked memory of its own, in two
/// halves.</summary>
internal sealed unsafe class CudaStream : IDisposable
{
    private const int HalfBytes = 4 << 20;
    private readonly byte* _pinned;
    private readonly nint[] _copied = new nint[2]; // when the last copy from each half was done
    private int _half;
    private bool _disposed;

    internal CudaStream()
    {
        nint handle = 0;
        CudaError.Check(CudaDriver.cuStreamCreate(&handle, StreamFlags.NonBlocking), "cuStreamCreate");
        Handle = handle;
        try
        {
            void* pinned = null;
            CudaError.Check(CudaDriver.cuMemHostAlloc(&pinned, 2 * HalfBytes, 0), "cuMemHostAlloc");
            _pinned = (byte*)pinned;
            for (int i = 0; i < 2; i++)
            {
                nint made = 0;
                CudaError.Check(CudaDriver.cuEventCreate(&made, EventFlags.DisableTiming), "cuEventCreate");
                _copied[i] = made;
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    internal nint Handle { get; }

    /// <summary>What was copied so far.</summary>
    internal Traffic Copied { get; private set; }

    /// <summary>Copies to the device; the source may change as soon as this returns.</summary>
    internal void Upload(ReadOnlySpan<float> source, ulong destination)
    {
        const int Values = HalfBytes / sizeof(float);
        Copied = Copied with { ToDevice = Copied.ToDevice + ((long)source.Length * sizeof(float)) };
        for (int start = 0; start < source.Length; start += Values)
        {
            ReadOnlySpan<float> part = source.Slice(start, Math.Min(Values, source.Length - start));
            byte* half = NextHalf();
            part.CopyTo(new Span<float>(half, part.Length));
            CudaError.Check(
                CudaDriver.cuMemcpyHtoDAsync_v2(destination + ((ulong)start * sizeof(float)), half, (nuint)part.Length * sizeof(float),
                Handle), "copy to the device");
            CudaError.Check(CudaDriver.cuEventRecord(_copied[_half], Handle), "cuEventRecord");
        }
    }

    /// <summary>Waits for all work before, and copies to the host.</summary>
    internal void Download(ulong source, Span<float> destination)
    {
        const int Values = HalfBytes / sizeof(float);
        Copied = Copied with { FromDevice = Copied.FromDevice + ((long)destination.Length * sizeof(float)) };
        for (int start = 0; start < destination.Length; start += Values)
        {
            Span<float> part = destination.Slice(start, Math.Min(Values, destination.Length - start));
            byte* half = NextHalf();
            CudaError.Check(
                CudaDriver.cuMemcpyDtoHAsync_v2(half, source + ((ulong)start * sizeof(float)), (nuint)part.Length * sizeof(float), Handle),
                "copy from the device");
            Synchronize();
            new ReadOnlySpan<float>(half, part.Length).CopyTo(part);
        }
    }

    /// <summary>A copy within the device.</summary>
    internal void Copy(ulong source, ulong destination, long bytes) =>
        CudaError.Check(CudaDriver.cuMemcpyDtoDAsync_v2(destination, source, (nuint)bytes, Handle), "copy within the device");

    /// <summary>Zeros.</summary>
    internal void Clear(ulong destination, long bytes) =>
        CudaError.Check(CudaDriver.cuMemsetD32Async(destination, 0, (nuint)(bytes / sizeof(float)), Handle), "cuMemsetD32Async");

    /// <summary>Waits until everything queued is done; errors of that work show here.</summary>
    internal void Synchronize() => CudaError.Check(CudaDriver.cuStreamSynchronize(Handle), "waiting for the device");

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _ = CudaDriver.cuStreamSynchronize(Handle);
        foreach (nint copied in _copied.Where(c => c != 0))
        {
            _ = CudaDriver.cuEventDestroy_v2(copied);
        }

        if (_pinned is not null)
        {
            _ = CudaDriver.cuMemFreeHost(_pinned);
        }

        _ = CudaDriver.cuStreamDestroy_v2(Handle);
    }

    private byte* NextHalf()
    {
        _half ^= 1;
        CudaError.Check(CudaDriver.cuEventSynchronize(_copied[_half]), "waiting for a copy");
        return _pinned + ((nint)_half * HalfBytes);
    }
}
