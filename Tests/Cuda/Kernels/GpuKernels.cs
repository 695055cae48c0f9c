using Interp.Cuda;
using Interp.Cuda.Driver;
using Interp.Cuda.Native;
using Interp.Engine.Common;
using Interp.Tests.Cuda.Ptx.Execution;
using Interp.Tests.Cuda.Ptx.Storage;

namespace Interp.Tests.Cuda.Kernels;

/// <summary>Launches of raw kernels on a GPU. Buffers begin with a pattern that no case expects, and are freed with this.</summary>
internal sealed class GpuKernels(CudaBackend backend) : IKernelDevice, IDisposable
{
    private readonly List<GpuBytes> _buffers = [];

    /// <inheritdoc/>
    public IDeviceBytes Allocate(string name, long length, (long Start, int Count) kept)
    {
        try
        {
            _buffers.Add(new GpuBytes(backend.Stream, CudaContext.Allocate(length + GpuBytes.Rest, name), kept));
        }
        catch (BackendException e) when (e is not CudaDriverException)
        {
            Assert.Inconclusive(e.Message);
        }

        return _buffers[^1];
    }

    /// <inheritdoc/>
    /// <remarks>All blocks run: a GPU cannot leave any out.</remarks>
    public void Launch(string kernel, Dim3 blocks, Dim3 threads, long[]? chosen, params ReadOnlySpan<KernelArgument> arguments)
    {
        Assert.AreEqual(KernelModules.BlockThreads, (int)threads.Count);
        backend.Kernels.Launch(backend.Stream, kernel, (blocks.X, blocks.Y, blocks.Z), arguments);
        backend.Stream.Synchronize();
    }

    /// <summary>Frees all buffers.</summary>
    public void Dispose() => _buffers.ForEach(b => b.Dispose());
}
