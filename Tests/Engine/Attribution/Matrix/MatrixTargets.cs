using Interp.Engine.Attribution;
using Interp.Engine.Graph;
using Interp.Engine.Layers;

namespace Interp.Tests.Engine.Attribution.Matrix;

/// <summary>The kinds of target that users ask for, each as a function of the network; null where a network has none of the kind. A new
/// kind is one line.</summary>
internal static class MatrixTargets
{
    /// <summary>Every kind by name; the index is the top class.</summary>
    public static IReadOnlyDictionary<string, Func<Network, int, Target?>> All { get; } =
        new Dictionary<string, Func<Network, int, Target?>>
    {
        ["logit"] = (n, top) => n.Classes > 0 ? new ClassTarget(top) : null,
        ["probability"] = (n, top) => n.Classes > 0 ? new ClassTarget(top, Probability: true) : null,
        ["difference of logits"] = (n, top) => n.Classes > 1 ? new ClassTarget(top, Against: (top + 1) % n.Classes) : null,
        ["difference of probabilities"] = (n, top) => n.Classes > 1 ? new ClassTarget((top + 1) % n.Classes, true, top) : null,
        ["channel of an output without classes"] = (n, _) => n.Classes == 0 ? Unit(n.Output) : null,
        ["neuron of an output without classes"] = (n, _) => n.Classes == 0 && n.OwnShapes[^1].Rank == 4 ? Unit(n.Output, (3, 2)) : null,
        ["channel of a middle activation"] = (n, _) => Unit(Middle(n, node => node.Layer is ReLU or Activation)),
        ["neuron of a middle convolution"] = (n, _) => Unit(Middle(n, node => node.Layer is Conv2d), (0, 0)),
        ["channel of the last pool"] = (n, _) => Unit(n.Nodes.LastOrDefault(node => node.Layer is MaxPool2d)),
        ["channel of the last sum, product or concatenation"] = (n, _) =>
            Unit(n.Nodes.LastOrDefault(node => node.Layer is Add or Multiply or Concat)),
        ["unit of the flattened maps"] = (n, _) => Unit(n.Nodes.LastOrDefault(node => node.Layer is Flatten)),
        ["unit of a hidden linear layer"] = (n, _) => Unit(n.Nodes.SkipLast(1).LastOrDefault(node => node.Layer is Linear)),
    };

    private static UnitTarget? Unit(Node? node, (int Y, int X)? position = null) => node is null ? null : new UnitTarget(node, 1, position);

    private static Node? Middle(Network network, Func<Node, bool> wanted)
    {
        Node[] nodes = [.. network.Nodes.Where(n => wanted(n) && network.OwnShapes[n.Id].Rank == 4)];
        return nodes.Length == 0 ? null : nodes[nodes.Length / 2];
    }
}
