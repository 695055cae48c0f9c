using Interp.Cuda;
using Interp.Engine.Backends;
using Interp.Engine.Graph;
using Interp.Engine.Reference;
using Interp.Engine.Rules;
using Interp.Tests.Engine.Backends;
using Interp.Tests.Support;

namespace Interp.Tests.Cuda;

/// <summary>The layers of today's networks on a CUDA device against the reference. A kind of device is tested by one class derived from
/// this.</summary>
public abstract class CudaLayerTests
{
    public static IEnumerable<object[]> Layers => CudaLayerCases.Layers.Select(c => new object[] { c.Name });

    public static IEnumerable<object[]> Convolutions => CudaLayerCases.Convolutions.Select(c => new object[] { c.Name });

    /// <summary>The device, as a test finds it.</summary>
    protected abstract CudaOptions Device { get; }

    [TestMethod]
    [DynamicData(nameof(Layers))]
    public void Passes_AnyLayer_MatchTheReference(string name)
    {
        using CudaBackend backend = CudaBackend.Open(Device with { UseCuDnn = false, UseCuBlas = false });
        ParityCheck.MatchesTheReference(backend, CudaLayerCases.Layers.Single(c => c.Name == name));
    }

    /// <summary>By cuDNN, by products of cuBLAS, by own kernels, and by Winograd's algorithm where it can run.</summary>
    [TestMethod]
    [DynamicData(nameof(Convolutions))]
    public void Passes_AnyConvolution_MatchTheReference(string name)
    {
        KernelCase c = CudaLayerCases.Convolutions.Single(c => c.Name == name);
        CudaOptions device = Device;
        CudaOptions[] ways = [
            device, device with { UseCuDnn = false }, device with { UseCuDnn = false, UseCuBlas = false },
            device with { Convolution = ConvChoice.Winograd }];
        foreach (CudaOptions way in ways)
        {
            using CudaBackend backend = CudaBackend.Open(way);
            ParityCheck.MatchesTheReference(backend, c);
        }
    }

    /// <summary>A rule and the same rule for smooth activations too are recorded apart.</summary>
    [TestMethod]
    public void Backward_RuleWithAndWithoutSmooth_KeepApartWhenRecorded()
    {
        Network network = CudaLayerCases.Modern();
        var options = new SessionOptions { Keep = network.Nodes };
        using CudaBackend backend = CudaBackend.Open(Device);
        using Session session = backend.Open(network, options);
        using var reference = new ReferenceSession(network, options);
        float[] input = new Gaussian(3).Values(session.InputShape.Count);
        reference.Forward(input);
        session.Forward(input);
        _ = reference.ImposeDecisions(session);
        for (int run = 0; run < 3; run++)
        {
            foreach (ReluRule rule in (ReluRule[])[ReluRules.Guided, ReluRules.Guided.WithSmooth])
            {
                session.Backward(rule, default, ParityCheck.Upstream(session));
                reference.Backward(rule, default, ParityCheck.Upstream(session));
                TensorAssert.RelativeL2(reference.GradientExact(network.Input), session.InputGradient(), 1e-5, ParityCheck.Reason);
            }
        }
    }

    [TestMethod]
    public void Passes_Repeated_GiveTheSameBits()
    {
        Network network = CudaLayerCases.Modern();
        using CudaBackend backend = CudaBackend.Open(Device);
        using Session session = backend.Open(network, new SessionOptions { Batch = 3 });
        float[] input = new Gaussian(4).Values(session.InputShape.Count);
        session.Forward(input);
        float[] logits = session.Logits();
        session.Backward(ReluRules.Vanilla, default, ParityCheck.Upstream(session));
        float[] gradient = session.InputGradient();
        for (int run = 0; run < 3; run++)
        {
            session.Forward(input);
            session.Backward(ReluRules.Vanilla, default, ParityCheck.Upstream(session));
            TensorAssert.SameBits(logits, session.Logits(), "logits");
            TensorAssert.SameBits(gradient, session.InputGradient(), "gradient");
        }
    }
}
