using Interp.Cuda.Native;

namespace Interp.Cuda.Driver;

/// <summary>A block of device memory.</summary>
internal sealed class DeviceMemory(ulong address, long bytes) : IDisposable
{
    private bool _disposed;

    internal ulong Address => address;

    internal long Bytes => bytes;

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _ = CudaDriver.cuMemFree_v2(address);
        }
    }
}
