using Interp.Cuda;
using Interp.Tests.Cuda.Emulation;

namespace Interp.Tests.Cuda;

/// <summary>Methods on the emulated device, with cuDNN and cuBLAS.</summary>
[TestClass]
[DoNotParallelize]
public sealed class EmulatedMethodTests : CudaMethodTests
{
    protected override CudaOptions Device => EmulatedDevice.Fresh();

    [TestCleanup]
    public void Cleanup() => EmulatedDevice.AssertClean();
}
