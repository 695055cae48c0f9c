using Interp.Cuda;
using Interp.Tests.Engine.Goldens;
using Interp.Tests.Support;

namespace Interp.Tests.Cuda;

/// <summary>Narrow networks of torchvision's 14 families on a CUDA device against PyTorch. A kind of device is tested by one class derived
/// from this.</summary>
public abstract class CudaNarrowNetworkTests
{
    private const string Reason = "the project's bound; float32 PyTorch itself is up to 2.1e-6 off";

    public static IEnumerable<object[]> Cases => TorchvisionGolden.Names.Select(n => new object[] { n });

    /// <summary>The device, as a test finds it.</summary>
    protected abstract CudaOptions Device { get; }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void ValuesAndGradients_MatchPyTorch(string name)
    {
        using CudaBackend backend = CudaBackend.Open(Device);
        NarrowNetworkCheck.MatchesPyTorch(backend, name, 1e-5, Reason);
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void ValuesAndGradients_WithTheDriverAlone_MatchPyTorch(string name)
    {
        using CudaBackend backend = CudaBackend.Open(Device with { UseCuDnn = false, UseCuBlas = false });
        NarrowNetworkCheck.MatchesPyTorch(backend, name, 1e-5, Reason);
    }
}
