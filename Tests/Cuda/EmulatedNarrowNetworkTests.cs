using Interp.Cuda;
using Interp.Tests.Cuda.Emulation;

namespace Interp.Tests.Cuda;

/// <summary>Narrow networks of torchvision's families on the emulated device.</summary>
[TestClass]
[DoNotParallelize]
public sealed class EmulatedNarrowNetworkTests : CudaNarrowNetworkTests
{
    protected override CudaOptions Device => EmulatedDevice.Fresh();

    [TestCleanup]
    public void Cleanup() => EmulatedDevice.AssertClean();
}
