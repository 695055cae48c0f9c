using Interp.Engine.Attribution;
using Interp.Engine.Examples;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Layers;
using Interp.Engine.Tensors;

namespace Interp.Engine.Training;

/// <summary>The features that a layer gives for images: its channels, each averaged over the map's positions where it has a map.</summary>
public sealed class FeatureRun
{
    private readonly LayerRun _run;

    /// <summary>Prepares the part of the network that is needed.</summary>
    /// <param name="explainer">The network, and where it runs.</param>
    /// <param name="layer">One of its nodes.</param>
    /// <exception cref="Common.InputException">The node is the input.</exception>
    public FeatureRun(Explainer explainer, Node layer)
    {
        _run = new LayerRun(explainer, layer);
        Features = explainer.Network.OwnShapes[layer.Id][1];
    }

    /// <summary>The layer.</summary>
    public Node Layer => _run.Layer;

    /// <summary>How many features it gives.</summary>
    public int Features { get; }

    /// <summary>
    /// The layer whose value a head usually reads: in a classifier what its last linear layer reads, or the last 1×1 convolution where one
    /// takes that place (SqueezeNet), behind which there is nothing but activations and pools; in all other networks the output.
    /// </summary>
    public static Node Usual(Network network)
    {
        Node node = network.Output;
        while (network.Classes > 0 && node.Inputs.Length == 1)
        {
            Node before = network.Nodes[node.Inputs[0]];
            if (node.Layer is Linear or Conv2d { Window.Kernel: { H: 1, W: 1 } })
            {
                return before;
            }

            if (node.Layer is Conv2d)
            {
                break;
            }

            node = before;
        }

        return network.Output;
    }

    /// <summary>
    /// The layer whose maps' means are the features that carry over best, and whose maps show where a head on them looks: the last before
    /// <see cref="Usual"/>, or it itself, that has maps of more than one position. <see cref="Usual"/> where there is none on the way.
    /// </summary>
    public static Node LastMaps(Network network)
    {
        Node usual = Usual(network), node = usual;
        while (!network.OwnShapes[node.Id].HasMaps && node.Inputs.Length == 1 && node.Inputs[0] != 0)
        {
            node = network.Nodes[node.Inputs[0]];
        }

        return network.OwnShapes[node.Id].HasMaps ? node : usual;
    }

    /// <summary>The features of some images, <c>[N,features]</c>; means over positions are summed in float64, in their order.</summary>
    /// <inheritdoc cref="LayerRun.Activations"/>
    public float[] Of(IReadOnlyList<NetworkInput> inputs, CancellationToken cancel = default)
    {
        (Shape shape, float[] values) = _run.Activations(inputs, cancel);
        return Means(shape, values);
    }

    /// <summary>The features that a layer's values stand for: each channel's mean over its map, summed in float64, in order.</summary>
    /// <param name="shape"><c>[N,C,h,w]</c>, or <c>[N,F]</c>, of which the values are given back.</param>
    /// <param name="values">What the layer gives.</param>
    /// <returns><c>[N,C]</c> or <c>[N,F]</c>.</returns>
    public static float[] Means(Shape shape, float[] values)
    {
        if (shape.Rank == 2)
        {
            return values;
        }

        int positions = shape[2] * shape[3];
        var means = new float[values.Length / positions];
        for (int i = 0; i < means.Length; i++)
        {
            double sum = 0;
            foreach (float value in values.AsSpan(i * positions, positions))
            {
                sum += value;
            }

            means[i] = (float)(sum / positions);
        }

        return means;
    }
}
