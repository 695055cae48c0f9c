using Interp.Cuda;
using Interp.Engine.Common;

namespace Interp.Tests.Cuda;

/// <summary>Whether there is a real device: the tests of the emulated one run on it unchanged, and are skipped where there is
/// none.</summary>
internal static class RealDevice
{
    /// <summary>One backend stays open: the device's context, which takes the driver long to make, is then there for all tests.</summary>
    private static readonly Lazy<(CudaBackend? Kept, string Problem)> s_device = new(Open);

    internal static CudaOptions Require()
    {
        if (s_device.Value.Kept is null)
        {
            Assert.Inconclusive($"no NVIDIA GPU: {s_device.Value.Problem}");
        }

        return new CudaOptions();
    }

    private static (CudaBackend? Kept, string Problem) Open()
    {
        try
        {
            return (CudaBackend.Open(), "");
        }
        catch (BackendException e)
        {
            return (null, e.Message);
        }
    }
}
