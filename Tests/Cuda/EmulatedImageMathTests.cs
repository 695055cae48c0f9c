using Interp.Cuda;
using Interp.Tests.Cuda.Emulation;

namespace Interp.Tests.Cuda;

/// <summary>Image arithmetic on the emulated device.</summary>
[TestClass]
[DoNotParallelize]
public sealed class EmulatedImageMathTests : CudaImageMathTests
{
    protected override CudaOptions Options => EmulatedDevice.Fresh();

    [TestCleanup]
    public override void Cleanup()
    {
        base.Cleanup();
        EmulatedDevice.AssertClean();
    }
}
