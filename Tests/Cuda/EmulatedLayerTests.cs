using Interp.Cuda;
using Interp.Tests.Cuda.Emulation;

namespace Interp.Tests.Cuda;

/// <summary>Layers on the emulated device.</summary>
[TestClass]
[DoNotParallelize]
public sealed class EmulatedLayerTests : CudaLayerTests
{
    protected override CudaOptions Device => EmulatedDevice.Fresh();

    [TestCleanup]
    public void Cleanup() => EmulatedDevice.AssertClean();
}
