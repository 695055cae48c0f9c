using Interp.Cuda.Native;
using Interp.Engine.Common;

namespace Interp.Cuda.Driver;

/// <summary>The device's primary context: it must be current on a thread before other calls there, and lives until it is disposed
/// of.</summary>
internal sealed unsafe class CudaContext : IDisposable
{
    private readonly nint _handle;
    private bool _disposed;

    internal CudaContext(CudaDevice device)
    {
        Device = device;
        nint handle = 0;
        CudaError.Check(CudaDriver.cuDevicePrimaryCtxRetain(&handle, device.Ordinal), "cuDevicePrimaryCtxRetain");
        _handle = handle;
    }

    internal CudaDevice Device { get; }

    /// <summary>Makes the context the calling thread's.</summary>
    internal void MakeCurrent()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        CudaError.Check(CudaDriver.cuCtxSetCurrent(_handle), "cuCtxSetCurrent");
    }

    /// <summary>The same before cleaning up, where a failure must not keep the rest from being tried.</summary>
    internal void MakeCurrentToClean() => _ = CudaDriver.cuCtxSetCurrent(_handle);

    /// <summary>Device memory that nobody has taken.</summary>
    internal static long FreeBytes()
    {
        nuint free = 0, total = 0;
        CudaError.Check(CudaDriver.cuMemGetInfo_v2(&free, &total), "cuMemGetInfo");
        return (long)free;
    }

    /// <summary>Takes device memory.</summary>
    /// <exception cref="BackendException">There is not as much.</exception>
    internal static DeviceMemory Allocate(long bytes, string what)
    {
        ulong address = 0;
        CudaStatus status = CudaDriver.cuMemAlloc_v2(&address, (nuint)Math.Max(256, bytes));
        if (status == CudaStatus.OutOfMemory)
        {
            nuint free = 0, total = 0;
            string left = CudaDriver.cuMemGetInfo_v2(&free, &total) == CudaStatus.Success ? $", {free >> 20} of {total >> 20} MiB are free"
                : "";
            throw new BackendException(
                $"CUDA: {what}: expected {Math.Max(1, bytes >> 20)} MiB of device memory{left}; lower option 'batch' or option "
                + "'max-memory', or use option 'backend' cpu");
        }

        CudaError.Check(status, $"cuMemAlloc of {bytes} bytes for {what}");
        return new DeviceMemory(address, bytes);
    }

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _ = CudaDriver.cuCtxSetCurrent(0);
            _ = CudaDriver.cuDevicePrimaryCtxRelease_v2(Device.Ordinal);
        }
    }
}
