using System.Collections.Immutable;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Benchmarks;

/// <summary>A network in libtorch: activations in place, no gradients of weights, as one would write it for speed.</summary>
internal sealed class TorchNetwork : IDisposable
{
    /// <summary>
    /// From so many channels on oneDNN's pointwise convolution divides by zero with few threads, which ends the process
    /// (<c>brg_blocking_t::est_eff_1x1</c>): channels last, and backward with a stride. Every second pixel taken out first, and a matrix
    /// product over the same memory, are the same work.
    /// </summary>
    private const int Many = 1024;

    private readonly Dictionary<string, Tensor[]> _weights = [];
    private readonly bool _channelsLast;
    private readonly ScalarType _type;
    private readonly bool _normalisesLayers;
    private readonly Dictionary<int, int> _readers; // how many inputs read a node, and the last node that does
    private readonly Dictionary<int, int> _lastReader;

    /// <summary>Copies the weights.</summary>
    /// <param name="network">Any network.</param>
    /// <param name="channelsLast">Whether images and filters lie in memory with their channels innermost.</param>
    /// <param name="type">Type of weights and arithmetic.</param>
    public TorchNetwork(Network network, bool channelsLast, ScalarType type = ScalarType.Float32)
    {
        Layers = [.. network.Nodes[1..].Select(n => n with { Weights = [] })]; // So that the source of the copies can go.
        _channelsLast = channelsLast;
        _type = type;
        _normalisesLayers = network.Nodes.Any(n => n.Layer is LayerNorm);
        _readers = network.Nodes.SelectMany(n => n.Inputs).CountBy(i => i).ToDictionary();
        _lastReader = network.Nodes.SelectMany(n => n.Inputs.Select(i => (i, n.Id))).GroupBy(p => p.i, p => p.Id)
            .ToDictionary(g => g.Key, g => g.Max());
        foreach (Node node in network.Nodes.Where(n => n.Weights.Length > 0))
        {
            _weights[node.Name] = [.. node.Weights.Select(w => Copy(w.ToArray(), w.Shape))];
        }
    }

    /// <summary>The layers in order.</summary>
    public ImmutableArray<Node> Layers { get; }

    /// <summary>Weights and biases.</summary>
    public IEnumerable<Tensor> Weights => _weights.Values.SelectMany(w => w);

    /// <summary>The values of a tensor in dense order.</summary>
    public static double[] Read(Tensor t)
    {
        using DisposeScope scope = NewDisposeScope();
        return [.. t.detach().to(ScalarType.Float64).contiguous().data<double>()];
    }

    /// <summary>A size as libtorch takes it.</summary>
    public static long[] Pair(Size2 size) => [size.H, size.W];

    /// <summary>A tensor of this network's type and memory layout.</summary>
    public Tensor Copy(float[] values, Shape shape)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor t = tensor(values, [.. shape.Dims.Select(d => (long)d)]).to(_type);
        t = _channelsLast && shape.Rank == 4 ? t.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2) : t.clone();
        return t.MoveToOuterDisposeScope();
    }

    /// <summary>The logits of a batch.</summary>
    public Tensor Forward(Tensor x) => Forward(x, Layers.AsSpan());

    /// <summary>The last of some nodes' outputs. The first reads x; each other one reads x or a node before it. What nobody reads any more
    /// is let go at once, so that its memory is near when the next layer asks for some.</summary>
    public Tensor Forward(Tensor x, ReadOnlySpan<Node> nodes)
    {
        var values = new Dictionary<int, Tensor> { [nodes.Length == 0 ? 0 : nodes[0].Inputs[0]] = x };
        Tensor y = x;
        foreach (Node node in nodes)
        {
            y = Apply(node, [.. node.Inputs.Select(i => values[i])], _readers[node.Inputs[0]] == 1);
            foreach (int done in node.Inputs.Distinct().Where(i => _lastReader[i] == node.Id))
            {
                values.Remove(done, out Tensor? old);
                if (!ReferenceEquals(old, x) && !ReferenceEquals(old, y) && !values.ContainsValue(old!))
                {
                    old!.Dispose();
                }
            }

            values[node.Id] = y;
        }

        return y;
    }

    /// <summary>A forward pass without a graph.</summary>
    public void RunForward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable mode = inference_mode();
        Forward(input);
    }

    /// <summary>A forward pass, and a backward pass to the input from the given gradient of the logits.</summary>
    public void RunBoth(Tensor input, Tensor seed)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = input.detach().requires_grad_(true);
        Forward(x).backward([seed]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor t in Weights)
        {
            t.Dispose();
        }
    }

    /// <summary>A node's output, in the place of its first input where it may be.</summary>
    private Tensor Apply(Node node, Tensor[] inputs, bool mayOverwrite)
    {
        Tensor x = inputs[0];
        Tensor[] weights = _weights.GetValueOrDefault(node.Name) ?? [];
        switch (node.Layer)
        {
            case Conv2d { Window: var w } conv when _normalisesLayers && w == Window.Square(1) && conv.Groups == 1:
                return LastChannels(x, rows => nn.functional.linear(rows, weights[0].flatten(1), weights.ElementAtOrDefault(1)));
            case Conv2d { Window: { Kernel: (1, 1) } w } conv when Math.Max(conv.InChannels, conv.OutChannels) >= Many:
                Tensor read = w.Stride == Size2.Square(1) ? x
                    : x.index(TensorIndex.Colon, TensorIndex.Colon, Every(w.Stride.H), Every(w.Stride.W));
                return _channelsLast
                    ? LastChannels(read, rows => nn.functional.linear(rows, weights[0].flatten(1), weights.ElementAtOrDefault(1)))
                    : nn.functional.conv2d(read, weights[0], weights.ElementAtOrDefault(1));
            case Conv2d { Window: var w } conv:
                return nn.functional.conv2d(x, weights[0], weights.ElementAtOrDefault(1), strides: Pair(w.Stride), padding: Pair(w.Padding),
                    dilation: Pair(w.Dilation), groups: conv.Groups);
            case Linear:
                return nn.functional.linear(x, weights[0], weights.ElementAtOrDefault(1));
            case ReLU:
                return nn.functional.relu(x, inplace: mayOverwrite);
            case Activation activation:
                return Activate(activation.Function, x, mayOverwrite);
            case ChannelAffine affine when _normalisesLayers: // a scale alone
                return x * weights[0].view(affine.Channels, 1, 1);
            case ChannelAffine affine:
                return nn.functional.batch_norm(x, zeros(affine.Channels), ones(affine.Channels), weights[0], weights[1], eps: 0);
            case LayerNorm norm:
                return LastChannels(x, rows => nn.functional.layer_norm(rows, [norm.Channels], weights[0], weights[1], norm.Epsilon));
            case MaxPool2d { Window: var w } pool:
                return nn.functional.max_pool2d(x, Pair(w.Kernel), Pair(w.Stride), Pair(w.Padding), ceil_mode: pool.CeilMode);
            case AvgPool2d { Window: var w } pool:
                return nn.functional.avg_pool2d(x, Pair(w.Kernel), Pair(w.Stride), Pair(w.Padding), pool.CeilMode, pool.CountPadding);
            case AdaptiveAvgPool2d pool:
                return nn.functional.adaptive_avg_pool2d(x, Pair(pool.Output));
            case Add:
                return inputs.Skip(1).Aggregate(x, (sum, t) => sum + t);
            case Multiply:
                return x * inputs[1];
            case Concat:
                return cat(inputs, 1);
            case ChannelSlice slice:
                return x.narrow(1, slice.First, slice.Count);
            case ChannelShuffle { Groups: var groups }: // as torchvision writes it
                return x.reshape(x.shape[0], groups, x.shape[1] / groups, x.shape[2], x.shape[3]).transpose(1, 2).contiguous()
                    .view(x.shape[0], x.shape[1], x.shape[2], x.shape[3]);
            case Dropout or Identity:
                return x;
            case Flatten:
                return x.flatten(1);
            default:
                throw new NotSupportedException($"layer '{node.Name}' ({node.Layer.Kind}) has no counterpart here");
        }
    }

    private static TensorIndex Every(int step) => TensorIndex.Slice(step: step);

    private static Tensor Activate(string function, Tensor x, bool mayOverwrite) => function switch
    {
        "relu6" => nn.functional.relu6(x, mayOverwrite),
        "silu" => nn.functional.silu(x, mayOverwrite),
        "hardswish" => nn.functional.hardswish(x, mayOverwrite),
        "hardsigmoid" => nn.functional.hardsigmoid(x, mayOverwrite),
        "gelu" => nn.functional.gelu(x),
        "sigmoid" => x.sigmoid(),
        "tanh" => x.tanh(),
        _ => throw new NotSupportedException($"activation '{function}' has no counterpart here"),
    };

    /// <summary>Calls a function of the channels of each pixel, as torchvision's ConvNeXt does.</summary>
    private static Tensor LastChannels(Tensor x, Func<Tensor, Tensor> function) =>
        x.dim() == 4 ? function(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2) : function(x);
}
