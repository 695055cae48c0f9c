using Interp.Engine.Backends;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Reference;
using Interp.Engine.Rules;
using Interp.Tests.Support;
using Interp.Weights;

namespace Interp.Tests.Engine.Goldens;

/// <summary>
/// Rounding over a whole VGG16: the bundled network, with its trained weights and all its channels, on a small input, against float64. A
/// near-tie that float32
/// decides the other way changes a gradient by far more than rounding does, here as in every implementation, so gradients are compared with
/// the CPU's own
/// decisions imposed on the reference; how many differ is reported.
/// </summary>
[TestClass]
public sealed class TrunkAccuracyTests
{
    private const int Size = 32;

    public required TestContext TestContext { get; set; }

    [TestMethod]
    [DataRow(ConvChoice.Auto)]
    [DataRow(ConvChoice.Winograd)]
    [DataRow(ConvChoice.Direct)]
    public void Cpu_WholeTrunk_IsWithinTheBounds(ConvChoice convolution)
    {
        ReferenceSession reference = s_reference.Value;
        Network network = reference.Network;
        using var backend = new CpuBackend(new CpuOptions { Convolution = convolution });
        using Session session = backend.Open(network, reference.Options);
        Node features = network.Nodes.Last(n => n.Layer is MaxPool2d);
        session.Forward(Input(session));

        double featureError = TensorAssert.RelativeL2(reference.ActivationExact(features), Widen(session.Activation(features)));
        double logitError = TensorAssert.RelativeL2(reference.ActivationExact(network.Output), Widen(session.Logits()));
        lock (reference)
        {
            int flipped = reference.ImposeDecisions(session);
            long decisions = network.Nodes.Where(n => n.Layer is ReLU or MaxPool2d).Sum(n => session.ShapeOf(n).Count);
            TestContext.WriteLine(
                $"{convolution}: features {featureError:E2}, logits {logitError:E2}; {flipped} of {decisions} decisions differ from "
                + "float64's");
            Assert.IsLessThanOrEqualTo(3e-6, featureError, "the project's bound for features");
            Assert.IsLessThanOrEqualTo(3e-6, logitError, "the project's bound for logits");
            Assert.IsLessThanOrEqualTo(20, flipped, "near-ties among a million: a handful");

            var seed = new Seed(network.Output, new Gaussian(91).Values(network.Classes));
            session.Backward(ReluRules.Vanilla, default, seed);
            reference.Backward(ReluRules.Vanilla, default, seed);
            double gradientError = TensorAssert.RelativeL2(reference.GradientExact(network.Input), Widen(session.InputGradient()));
            TestContext.WriteLine($"{convolution}: input gradient {gradientError:E2}");
            Assert.IsLessThanOrEqualTo(1e-5, gradientError, "the project's bound with decisions imposed");
        }
    }

    private static readonly Lazy<ReferenceSession> s_reference = new(() =>
    {
        Network network = ModelStore.Load(ModelStore.DefaultModel);
        var reference = new ReferenceSession(network, new SessionOptions { Height = Size, Width = Size, Keep = network.Nodes });
        reference.Forward(Input(reference));
        return reference;
    });

    [ClassCleanup]
    public static void Cleanup() => s_reference.Value.Dispose();

    private static float[] Input(Session session) => new Gaussian(90).Values(session.InputShape.Count);

    private static double[] Widen(float[] values) => Array.ConvertAll(values, v => (double)v);
}
