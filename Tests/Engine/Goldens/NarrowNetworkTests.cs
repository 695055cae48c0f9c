using Interp.Engine.Cpu;
using Interp.Engine.Reference;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Goldens;

/// <summary>
/// From a weight file to logits and gradients: narrow networks of torchvision's 14 families with random weights. The fixtures were chosen
/// so that no decision hangs on float32 rounding, so that none is imposed here.
/// </summary>
[TestClass]
public sealed class NarrowNetworkTests
{
    public static IEnumerable<object[]> Cases => TorchvisionGolden.Names.Select(n => new object[] { n });

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Cpu_ValuesAndGradients_MatchPyTorch(string name)
    {
        using var backend = new CpuBackend();
        NarrowNetworkCheck.MatchesPyTorch(
            backend, name, 1e-5, "the project's bound; float32 PyTorch itself is up to 1.2e-6 off");
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Reference_ValuesAndGradients_MatchPyTorch(string name)
    {
        using var backend = new ReferenceBackend();
        NarrowNetworkCheck.MatchesPyTorch(
            backend, name, 1e-6, "the goldens, and weights into which a batch norm was folded, are rounded to float32");
    }
}
