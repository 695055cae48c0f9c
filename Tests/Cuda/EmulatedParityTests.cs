using Interp.Cuda;
using Interp.Engine.Backends;
using Interp.Tests.Cuda.Emulation;
using Interp.Tests.Engine.Backends;

namespace Interp.Tests.Cuda;

/// <summary>The CUDA backend on the emulated device, in four ways of computing; everything that its tests leave is checked for leaks and
/// findings.</summary>
[DoNotParallelize]
public abstract class EmulatedParityTests : BackendParityTests
{
    protected CudaOptions Device { get; private set; } = null!;

    [TestInitialize]
    public void Prepare() => Device = EmulatedDevice.Fresh();

    [TestCleanup]
    public void Cleanup() => EmulatedDevice.AssertClean();
}

/// <summary>Convolutions by cuDNN, products by cuBLAS.</summary>
[TestClass]
[DoNotParallelize]
public sealed class EmulatedCuDnnParityTests : EmulatedParityTests
{
    protected override IBackend Open(int threads) => CudaBackend.Open(Device);
}

/// <summary>Without cuDNN: convolutions as products by cuBLAS.</summary>
[TestClass]
[DoNotParallelize]
public sealed class EmulatedCuBlasParityTests : EmulatedParityTests
{
    protected override IBackend Open(int threads) => CudaBackend.Open(Device with { UseCuDnn = false });
}

/// <summary>Winograd's algorithm wherever it can run.</summary>
[TestClass]
[DoNotParallelize]
public sealed class EmulatedWinogradParityTests : EmulatedParityTests
{
    protected override IBackend Open(int threads) => CudaBackend.Open(Device with { Convolution = ConvChoice.Winograd });
}

/// <summary>With the driver alone: own kernels for everything.</summary>
[TestClass]
[DoNotParallelize]
public sealed class EmulatedKernelParityTests : EmulatedParityTests
{
    protected override IBackend Open(int threads) => CudaBackend.Open(Device with { UseCuDnn = false, UseCuBlas = false });
}
