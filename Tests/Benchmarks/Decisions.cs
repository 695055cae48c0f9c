using System.Collections.Immutable;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using static TorchSharp.torch;

namespace Interp.Benchmarks;

/// <summary>
/// What a run decided: at each ReLU which values pass, at each max pool which value of the window. Between two decisions a network is
/// linear, so the input
/// gradient depends on the activations through them alone.
/// </summary>
internal sealed class Decisions
{
    private readonly Dictionary<string, Tensor> _of = [];

    /// <summary>From the outputs of the ReLUs; every pool reads one of them.</summary>
    public Decisions(ImmutableArray<Node> nodes, Func<Node, Tensor> activation)
    {
        foreach (Node node in nodes)
        {
            if (node.Layer is ReLU)
            {
                _of[node.Name] = activation(node) > 0;
            }
            else if (node.Layer is MaxPool2d pool)
            {
                (_, Tensor switches) = nn.functional.max_pool2d_with_indices(activation(nodes.Single(n => n.Id == node.Inputs[0])),
                    TorchNetwork.Pair(pool.Window.Kernel), TorchNetwork.Pair(pool.Window.Stride), TorchNetwork.Pair(pool.Window.Padding));
                _of[node.Name] = switches;
            }
        }
    }

    /// <summary>A layer's output if it decides as here, or null for a layer without decisions.</summary>
    public Tensor? Apply(Node node, Tensor x) => _of.TryGetValue(node.Name, out Tensor? decision)
        ? node.Layer is ReLU ? x * decision : x.flatten(2).gather(2, decision.flatten(2)).view(decision.shape)
        : null;

    /// <summary>The number of decisions that differ.</summary>
    public long Differences(Decisions other) => _of.Sum(d => d.Value.ne(other._of[d.Key]).sum().item<long>());
}
