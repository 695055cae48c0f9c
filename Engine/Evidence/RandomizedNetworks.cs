using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;

namespace Interp.Engine.Evidence;

/// <summary>
/// Copies of a network whose layers are re-drawn from the output down (J. Adebayo and others, arXiv 1810.03292, section 3.1, "cascading
/// randomization"):
/// weights from N(0, 2 / fan-in) (K. He and others, arXiv 1502.01852), which keeps activations at their scale through any depth, biases 0;
/// the scales and shifts of affine layers and normalisations take the values that they have before training, 1 and 0, slopes of PReLUs ¼. A re-drawn layer
/// depends on nothing but the seed and its place in the network, and is shared by all copies that have it.
/// </summary>
internal sealed class RandomizedNetworks
{
    private const int Chunk = 1 << 14;
    private static readonly ConditionalWeakTable<Network, ConcurrentDictionary<ulong, RandomizedNetworks>> s_known = [];
    private readonly Network _network;
    private readonly ulong _seed;
    private readonly ImmutableArray<Node> _layers;
    private readonly ConcurrentDictionary<int, Node> _drawn = [];

    private RandomizedNetworks(Network network, ulong seed)
    {
        _network = network;
        _seed = seed;
        _layers = [.. network.Nodes.Where(n => n.Weights.Length > 0).Reverse()];
    }

    /// <summary>Number of layers with weights.</summary>
    public int Layers => _layers.Length;

    /// <summary>The copies of a network for a seed; re-drawn weights are kept as long as the network is.</summary>
    public static RandomizedNetworks Of(Network network, ulong seed) =>
        s_known.GetOrCreateValue(network).GetOrAdd(seed, s => new RandomizedNetworks(network, s));

    /// <summary>The network with its last so many layers with weights re-drawn.</summary>
    /// <param name="layers">How many, 0 to <see cref="Layers"/>.</param>
    /// <param name="threads">Threads that draw; the weights do not depend on it.</param>
    public Network Cascade(int layers, int threads)
    {
        ImmutableArray<Node> nodes = _network.Nodes;
        foreach (Node layer in _layers.Take(layers))
        {
            nodes = nodes.SetItem(layer.Id, _drawn.GetOrAdd(layer.Id, _ => Draw(layer, threads)));
        }

        string name = $"{_network.Name}, {layers} layers re-drawn";
        return _network.With(name, nodes);
    }

    private Node Draw(Node layer, int threads) => layer with
    {
        Weights = layer.Layer switch
        {
            ChannelAffine or LayerNorm or GroupNorm => [Filled(layer.Weights[0], 1), Filled(layer.Weights[1], 0)],
            PReLU => [Filled(layer.Weights[0], 0.25f)],
            _ => [.. layer.Weights.Select(w => Draw(layer.Id, w, threads))],
        },
    };

    private static Weight Filled(Weight weight, float value)
    {
        var values = new float[weight.Shape.Count];
        Array.Fill(values, value);
        return Weight.FromValues(weight.Name, weight.Shape, values);
    }

    private Weight Draw(int layer, Weight weight, int threads)
    {
        var values = new float[weight.Shape.Count];
        if (weight.Shape.Rank > 1)
        {
            var rng = new Rng(_seed, EvidenceStreams.Weights + (ulong)layer);
            double deviation = Math.Sqrt(2.0 * weight.Shape[0] / weight.Shape.Count);
            Parallel.For(0, (values.Length + Chunk - 1) / Chunk, new ParallelOptions { MaxDegreeOfParallelism = threads }, chunk =>
            {
                for (int i = chunk * Chunk; i < Math.Min(values.Length, (chunk + 1) * Chunk); i++)
                {
                    values[i] = (float)(deviation * rng.Gaussian((ulong)i));
                }
            });
        }

        return Weight.FromValues(weight.Name, weight.Shape, values);
    }
}
