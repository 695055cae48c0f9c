using Interp.Cuda;
using Interp.Tests.Cuda.Emulation;

namespace Interp.Tests.Cuda;

/// <summary>The bundled network on the emulated device.</summary>
[TestClass]
[DoNotParallelize]
public sealed class EmulatedFullSizeTests : CudaFullSizeTests
{
    protected override CudaOptions Device => EmulatedDevice.Fresh();

    [TestCleanup]
    public void Cleanup() => EmulatedDevice.AssertClean();
}
