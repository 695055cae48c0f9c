using Interp.Cuda;
using Interp.Engine.Backends;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Rules;
using Interp.Tests.Support;
using Interp.Weights;

namespace Interp.Tests.Cuda;

/// <summary>The bundled network at its own size, forward and backward, on a CUDA device. A kind of device is tested by one class derived
/// from this.</summary>
public abstract class CudaFullSizeTests
{
    private const string Reason = "float32 sums in another order through 16 layers; near-ties at ReLUs and pools may go the other way";

    /// <summary>The device, as a test finds it.</summary>
    protected abstract CudaOptions Device { get; }

    [TestMethod]
    public void BundledNetwork_ForwardAndBackward_MatchesTheCpu()
    {
        Network network = ModelStore.Load(ModelStore.DefaultModel);
        using CudaBackend cuda = CudaBackend.Open(Device);
        using var cpu = new CpuBackend();
        var options = new SessionOptions { Keep = [network.Find("features.29")] };
        using Session found = cuda.Open(network, options), expected = cpu.Open(network, options);
        float[] input = new Gaussian(5).Values(found.InputShape.Count);
        var seed = new float[network.Classes];
        seed[7] = 1;

        found.Forward(input);
        expected.Forward(input);
        TensorAssert.RelativeL2(expected.Logits(), found.Logits(), 1e-5, Reason);
        TensorAssert.RelativeL2(expected.Activation(network.Find("features.29")), found.Activation(network.Find("features.29")), 1e-5,
            Reason);

        found.Backward(ReluRules.Vanilla, default, new Seed(network.Output, seed));
        expected.Backward(ReluRules.Vanilla, default, new Seed(network.Output, seed));
        TensorAssert.RelativeL2(expected.Gradient(network.Find("features.29")), found.Gradient(network.Find("features.29")), 1e-4, Reason);
        TensorAssert.RelativeL2(expected.InputGradient(), found.InputGradient(), 5e-3, Reason);
    }
}
