using Interp.Engine.Backends;
using Interp.Engine.Functions;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Numbers;
using Interp.Engine.Rules;

namespace Interp.Engine.Visualization;

/// <summary>
/// Starts backpropagation below a silent ReLU: a seed at the output of a ReLU or ReLU6 moves to its input, by the rule <see
/// cref="Redirected"/>. With the true gradient from there down this is lucid's override, which redirects only where a ReLU blocks a
/// whole image; the rule at every ReLU would bury the way up under the gradients of units that are meant to be silent.
/// Smooth activations are never silent, and their seeds stay.
/// </summary>
internal static class RedirectedSeeds
{
    /// <summary>Some nodes, and those to which their seeds would move: what a session has to keep.</summary>
    internal static IEnumerable<Node> WithInputs(Network network, IEnumerable<Node> nodes) =>
        nodes.SelectMany(n => (Node[])[n, Target(network, n)]).Distinct();

    /// <summary>The seeds for a session that has run forward.</summary>
    internal static Seed[] Of(Session session, Seed[] seeds) => Array.ConvertAll(seeds, seed =>
    {
        Node target = Target(session.Network, seed.Node);
        return target == seed.Node ? seed : new Seed(target, Redirect(session.Activation(target), seed.Gradient.Span));
    });

    private static Node Target(Network network, Node node) => node.Layer is ReLU or Activation { F.Role: ActivationRole.Rectifier }
        ? network.Nodes[node.Inputs[0]]
        : node;

    private static float[] Redirect(float[] x, ReadOnlySpan<float> upstream)
    {
        var gradient = new float[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            gradient[i] = (float)Redirected.Backward(ScalarLane.Mask(x[i] > 0), new ScalarLane(upstream[i])).Value;
        }

        return gradient;
    }
}
