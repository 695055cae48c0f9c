using Interp.Cuda;
using Interp.Tests.Cuda.Emulation;

namespace Interp.Tests.Cuda;

/// <summary>Picture arithmetic on the emulated device.</summary>
[TestClass]
[DoNotParallelize]
public sealed class EmulatedPictureMathTests : CudaPictureMathTests
{
    protected override CudaOptions Options => EmulatedDevice.Fresh();

    [TestCleanup]
    public override void Cleanup()
    {
        base.Cleanup();
        EmulatedDevice.AssertClean();
    }
}
