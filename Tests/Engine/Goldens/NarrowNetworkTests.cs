using Interp.Engine.Backends;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Reference;
using Interp.Engine.Rules;
using Interp.Engine.Tensors;
using Interp.Tests.Support;
using Interp.Weights;

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
        Compare(backend, name, 1e-5, "the project's bound; float32 PyTorch itself is up to 1.2e-6 off");
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Reference_ValuesAndGradients_MatchPyTorch(string name)
    {
        using var backend = new ReferenceBackend();
        Compare(backend, name, 1e-6, "the goldens, and weights into which a batch norm was folded, are rounded to float32");
    }

    private static void Compare(IBackend backend, string name, double tolerance, string reason)
    {
        using var golden = TorchvisionGolden.Open(name);
        using var folder = new TemporaryFolder();
        (Shape shape, float[] input) = golden.Input;
        ModelConverter.Convert(new ConversionRequest(golden.Weights, folder[name]) { InputSize = Math.Max(32, shape[2]) });
        Network network = ModelStore.Load(folder[name]);
        var options = new SessionOptions { Height = shape[2], Width = shape[3], Keep = [.. network.Nodes] };
        using Session session = backend.Open(network, options);

        session.Forward(input);
        foreach (Node node in network.Nodes.Where(n => golden.Norms.ContainsKey(n.Name)))
        {
            double norm = Math.Sqrt(session.Activation(node).Sum(v => (double)v * v));
            Assert.AreEqual(golden.Norms[node.Name], norm, tolerance * golden.Norms[node.Name], $"{node.Name} ({node.Layer.Kind})");
        }

        TensorAssert.RelativeL2(golden.Feature.Values, session.Activation(network.Find(golden.FeatureNode)), tolerance, reason);
        TensorAssert.RelativeL2(golden.Logits.Values, session.Logits(), tolerance, $"logits, {reason}");
        var upstream = new float[network.Classes];
        upstream[golden.Target] = 1;
        foreach (ReluRule rule in ReluRules.All)
        {
            session.Backward(rule, default, new Seed(network.Output, upstream));
            TensorAssert.RelativeL2(golden.Gradient(rule.Name).Values, session.InputGradient(), tolerance, $"{rule.Name}, {reason}");
        }
    }
}
