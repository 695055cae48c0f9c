using Interp.Cuda;
using Interp.Engine.Backends;
using Interp.Engine.Common;
using Interp.Tests.Engine.Backends;

namespace Interp.Tests.Cuda;

/// <summary>Whether there is a real device: the tests of the emulated one run on it unchanged, and are skipped where there is none.</summary>
internal static class RealDevice
{
    internal static CudaOptions Require()
    {
        try
        {
            using CudaBackend backend = CudaBackend.Open();
        }
        catch (BackendException e)
        {
            Assert.Inconclusive($"no NVIDIA GPU: {e.Message}");
        }

        return new CudaOptions();
    }
}

/// <summary>The CUDA backend on a GPU, with the libraries that are there.</summary>
[TestClass]
[DoNotParallelize]
public sealed class GpuParityTests : BackendParityTests
{
    protected override IBackend Open(int threads) => CudaBackend.Open(RealDevice.Require());
}

/// <summary>The CUDA backend on a GPU, with the driver alone.</summary>
[TestClass]
[DoNotParallelize]
public sealed class GpuKernelParityTests : BackendParityTests
{
    protected override IBackend Open(int threads) => CudaBackend.Open(RealDevice.Require() with { UseCuDnn = false, UseCuBlas = false });
}

/// <summary>Every method on a GPU.</summary>
[TestClass]
[DoNotParallelize]
public sealed class GpuMethodTests : CudaMethodTests
{
    protected override CudaOptions Device => RealDevice.Require();
}
