using Interp.Engine.Attribution;
using Interp.Engine.Attribution.Cam;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Tensors;

namespace Interp.Engine.Examples;

/// <summary>Changes what a layer gives for one image: a variant, 0 being left as it is.</summary>
/// <param name="variant">Which variant.</param>
/// <param name="maps">The layer's activations, to be changed in place.</param>
internal delegate void MapChange(int variant, Span<float> maps);

/// <summary>The layers behind a layer, run on changed activations of it: what a classifier says without some channels.</summary>
internal sealed class LayerTail
{
    private readonly Explainer _explainer;
    private readonly Node _layer;

    /// <summary>Checks that there are layers behind.</summary>
    /// <param name="explainer">The network, and where it runs.</param>
    /// <param name="layer">The layer.</param>
    /// <exception cref="InputException">The layer is the network's output, or that does not depend on it, or the network has no
    /// classes.</exception>
    internal LayerTail(Explainer explainer, Node layer)
    {
        if (layer.Id == explainer.Network.Output.Id)
        {
            throw new InputException(
                $"layer {layer.Name}: its channels are the classes themselves, and nothing stands behind them; name an earlier layer");
        }

        if (!GraphPaths.Lead(explainer.Network, layer, explainer.Network.Output))
        {
            throw new InputException($"layer {layer.Name}: the network's output does not depend on it; name a layer that leads to it");
        }

        if (explainer.Network.Classes == 0)
        {
            throw new InputException($"model {explainer.Network.Name} has no classes whose logits a channel's removal could change");
        }

        (_explainer, _layer) = (explainer, layer);
    }

    /// <summary>The network's output for variants of images' activations: that of image n and variant v at n · variants + v. Where paths
    /// lead around the layer, the whole network runs once more for what they bring.</summary>
    /// <param name="inputs">The images, all of one size.</param>
    /// <param name="shape"><c>[N,C,h,w]</c> or <c>[N,F]</c>.</param>
    /// <param name="activation">The layer's activations.</param>
    /// <param name="variants">Variants of each image.</param>
    /// <param name="change">Makes each variant of a copy of the activations.</param>
    /// <param name="cancel">Checked before each layer.</param>
    internal float[][] Outputs(
        IReadOnlyList<NetworkInput> inputs, Shape shape, float[] activation, int variants, MapChange change, CancellationToken cancel)
    {
        (int Height, int Width) size = (inputs[0].Image.Height, inputs[0].Image.Width);
        int each = (int)(shape.Count / shape[0]);
        Network network = _explainer.Network;
        NetworkTail tail = NetworkTail.Behind(network, _layer, network.Output, size);
        float[,][] around = tail.AroundOf(_explainer, inputs, cancel);
        return tail.Outputs(
            _explainer,
            variants * shape[0],
            (i, input) =>
            {
                activation.AsSpan(i / variants * each, each).CopyTo(input);
                change(i % variants, input);
            },
            (i, k) => around[i / variants, k],
            cancel);
    }
}
