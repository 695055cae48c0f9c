using Interp.Engine.Arithmetic;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Benchmarks.TorchMethods;

/// <summary>What is explained: a network in libtorch, an image, a class, and the layer of class activation maps.</summary>
internal sealed class TorchSubject : IDisposable
{
    private readonly Node[] _head;
    private readonly Node[] _tail;
    private readonly int _class;

    /// <summary>Copies network and image.</summary>
    /// <param name="network">The network.</param>
    /// <param name="input">The image.</param>
    /// <param name="target">The class.</param>
    /// <param name="layer">Name of the layer.</param>
    public TorchSubject(Network network, NetworkInput input, int target, string layer)
    {
        Network = new TorchNetwork(network, channelsLast: false);
        Image = Network.Copy(input.Tensor, new Shape(1, 3, input.Image.Height, input.Image.Width));
        _class = target;
        int split = Network.Layers.IndexOf(Network.Layers.Single(n => n.Name == layer)) + 1;
        (_head, _tail) = ([.. Network.Layers[..split]], [.. Network.Layers[split..]]);
    }

    /// <summary>The network, whose weights take no gradients.</summary>
    public TorchNetwork Network { get; }

    /// <summary><c>[1,3,H,W]</c>, normalised.</summary>
    public Tensor Image { get; }

    /// <summary>H and W.</summary>
    public long[] Size => Image.shape[2..];

    /// <summary>The class's logits of a batch, <c>[N]</c>.</summary>
    public Tensor Score(Tensor x) => Network.Forward(x).select(1, _class);

    /// <summary>The layer's output.</summary>
    public Tensor Head(Tensor x) => Network.Forward(x, _head);

    /// <summary>The class's logits from the layer's output.</summary>
    public Tensor Tail(Tensor activation) => Network.Forward(activation, _tail).select(1, _class);

    /// <summary>The gradients of the class's logits at a batch of inputs.</summary>
    public Tensor Gradient(Tensor inputs)
    {
        Tensor x = inputs.detach().requires_grad_(true);
        return autograd.grad([Score(x).sum()], [x])[0];
    }

    /// <summary>1 for the class in each row of the logits, else 0.</summary>
    public Tensor Seed(Tensor logits)
    {
        Tensor seed = zeros_like(logits);
        seed.select(1, _class).fill_(1);
        return seed;
    }

    /// <summary>Bilinear, to the image's size.</summary>
    public Tensor Enlarge(Tensor maps, bool alignCorners = false) =>
        nn.functional.interpolate(maps, Size, mode: InterpolationMode.Bilinear, align_corners: alignCorners);

    /// <summary>Runs with weights that take gradients, as those of a model fresh from torchvision do.</summary>
    public void WithWeightGradients(Action run)
    {
        SetWeightGradients(true);
        try
        {
            run();
        }
        finally
        {
            SetWeightGradients(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Image.Dispose();
        Network.Dispose();
    }

    private void SetWeightGradients(bool on)
    {
        foreach (Tensor weight in Network.Weights)
        {
            weight.requires_grad = on;
        }
    }
}
