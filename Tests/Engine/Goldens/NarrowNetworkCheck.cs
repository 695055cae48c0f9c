using Interp.Engine.Backends;
using Interp.Engine.Graph;
using Interp.Engine.Rules;
using Interp.Engine.Tensors;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Goldens;

/// <summary>A narrow network of a torchvision family on a backend, against PyTorch: the norms of all nodes' values, the values of one in
/// the middle, the logits, and the gradient of one logit under every rule for ReLUs.</summary>
internal static class NarrowNetworkCheck
{
    public static void MatchesPyTorch(IBackend backend, string name, double tolerance, string reason)
    {
        using var golden = TorchvisionGolden.Open(name);
        (Shape shape, float[] input) = golden.Input;
        Network network = TorchvisionGolden.Load(name);
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
