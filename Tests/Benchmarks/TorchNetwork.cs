using System.Collections.Immutable;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Benchmarks;

/// <summary>A network's layers, each fed by the one before, in libtorch: ReLUs in place, no gradients of weights, as one would write it for
/// speed.</summary>
internal sealed class TorchNetwork : IDisposable
{
    private readonly Dictionary<string, Tensor[]> _weights = [];
    private readonly bool _channelsLast;
    private readonly ScalarType _type;

    /// <summary>Copies the weights.</summary>
    /// <param name="network">A chain of layers.</param>
    /// <param name="channelsLast">Whether images and filters lie in memory with their channels innermost.</param>
    /// <param name="type">Type of weights and arithmetic.</param>
    public TorchNetwork(Network network, bool channelsLast, ScalarType type = ScalarType.Float32)
    {
        Layers = [.. network.Nodes[1..].Select(n => n with { Weights = [] })]; // So that the source of the copies can go.
        _channelsLast = channelsLast;
        _type = type;
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

    /// <summary>The last of consecutive layers' outputs.</summary>
    public Tensor Forward(Tensor x, ReadOnlySpan<Node> nodes)
    {
        foreach (Node node in nodes)
        {
            x = Apply(node, x);
        }

        return x;
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

    private Tensor Apply(Node node, Tensor x) => node.Layer switch
    {
        Conv2d conv =>
            nn.functional.conv2d(x, _weights[node.Name][0], _weights[node.Name].ElementAtOrDefault(1), strides: Pair(conv.Window.Stride),
            padding: Pair(conv.Window.Padding), dilation: Pair(conv.Window.Dilation), groups: conv.Groups),
        Linear => nn.functional.linear(x, _weights[node.Name][0], _weights[node.Name].ElementAtOrDefault(1)),
        ReLU => nn.functional.relu(x, inplace: true),
        MaxPool2d pool => nn.functional.max_pool2d(x, Pair(pool.Window.Kernel), Pair(pool.Window.Stride), Pair(pool.Window.Padding)),
        AdaptiveAvgPool2d pool => nn.functional.adaptive_avg_pool2d(x, Pair(pool.Output)),
        Dropout => x,
        Flatten => x.flatten(1),
        _ => throw new NotSupportedException($"layer '{node.Name}' ({node.Layer.Kind}) has no counterpart here"),
    };
}
