using Interp.Engine.Backends;
using Interp.Engine.Functions;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Reference;
using Interp.Engine.Rules;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Backends;

/// <summary>A float32 backend beside the reference: every activation, and every gradient by each rule.</summary>
internal static class ParityCheck
{
    internal const string Reason =
        "float32: rounding of 2^-24 a step accumulates over at most some hundred terms a layer, and over layers";

    /// <summary>The rules that treat a network's layers each in its own way.</summary>
    internal static ReluRule[] Rules(Network network)
    {
        ReluRule[] rules = [.. ReluRules.All, ReluRules.Redirected];
        bool smooth = network.Nodes.Any(n => n.Layer is Activation { F.Role: ActivationRole.Smooth });
        return smooth ? [.. rules, .. rules.Select(r => r.WithSmooth)] : rules;
    }

    /// <summary>Random gradients at the output.</summary>
    internal static Seed Upstream(Session session)
    {
        Node output = session.Network.Output;
        return new Seed(output, new Gaussian(8).Values(session.ShapeOf(output).Count));
    }

    /// <summary>Fails unless a session that keeps every node, and one that keeps none, compute what the reference does.</summary>
    internal static void MatchesTheReference(IBackend backend, KernelCase c)
    {
        Network network = c.Network();
        double tolerance = 2e-6 * Math.Sqrt(c.Depth);
        SessionOptions kept = c.Options with { Keep = network.Nodes };
        using Session session = backend.Open(network, kept);
        using Session lean = backend.Open(network, c.Options);
        using var reference = new ReferenceSession(network, kept);
        float[] input = c.Input(network);
        Seed seed = Upstream(session);

        session.Forward(input);
        lean.Forward(input);
        reference.Forward(input);

        foreach (Node node in network.Nodes)
        {
            TensorAssert.RelativeL2(reference.ActivationExact(node), session.Activation(node), tolerance, $"{node.Name}, {Reason}");
        }

        TensorAssert.RelativeL2(reference.ActivationExact(network.Output), lean.Logits(), tolerance, $"nothing kept, {Reason}");

        int differing = reference.ImposeDecisions(session);
        Assert.IsTrue(differing <= 2, $"{differing} decisions differ: more than near-ties can explain");
        foreach (ReluRule rule in Rules(network))
        {
            session.Backward(rule, default, seed);
            lean.Backward(rule, default, seed);
            reference.Backward(rule, default, seed);
            foreach (Node node in network.Nodes)
            {
                string where = $"{rule.Name} at {node.Name}, {Reason}";
                TensorAssert.RelativeL2(reference.GradientExact(node), session.Gradient(node), tolerance, where);
            }

            double[] exact = reference.GradientExact(network.Input);
            TensorAssert.RelativeL2(exact, lean.InputGradient(), tolerance, $"{rule.Name}, nothing kept, {Reason}");
        }
    }
}
