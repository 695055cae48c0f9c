using System.Collections.Immutable;
using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Models;
using Interp.Engine.Tensors;

namespace Interp.Engine.Examples;

/// <summary>Takes what a layer gives for some images.</summary>
/// <param name="layer">Its place among those that were asked for.</param>
/// <param name="first">The first image's place.</param>
/// <param name="shape">The shape, <c>[n,C,h,w]</c> or <c>[n,F]</c>.</param>
/// <param name="values">The values.</param>
public delegate void LayerUser(int layer, int first, Shape shape, float[] values);

/// <summary>Runs images through a network as far as one layer, or several, and gives their activations; what stands behind is not
/// computed.</summary>
/// <remarks>The explainer opens the sessions and bounds their memory; equal inputs give equal bits at any number of threads.</remarks>
public sealed class LayerRun
{
    private readonly Explainer _explainer;
    private readonly Network _head;
    private readonly Node[] _kept;

    /// <summary>Prepares the part of the network that is needed.</summary>
    /// <param name="explainer">The network, and where it runs.</param>
    /// <param name="layer">One of its nodes.</param>
    /// <exception cref="InputException">The node is the input, which no layer computes.</exception>
    public LayerRun(Explainer explainer, Node layer)
        : this(explainer, [layer])
    {
    }

    /// <summary>Prepares the part of the network that is needed for several layers: they take one pass together.</summary>
    /// <param name="explainer">The network, and where it runs.</param>
    /// <param name="layers">At least one of its nodes.</param>
    /// <exception cref="InputException">A node is the input, which no layer computes.</exception>
    public LayerRun(Explainer explainer, IReadOnlyList<Node> layers)
    {
        if (layers.FirstOrDefault(l => l.Id == 0) is { } image)
        {
            throw new InputException($"layer {image.Name}: that is the image itself; name a layer behind it");
        }

        (_explainer, Layers) = (explainer, [.. layers]);
        _head = NetworkHead.UpTo(explainer.Network, layers);
        _kept = [.. layers.Select(l => _head.Find(l.Name))];
    }

    /// <summary>The layer, or the first of several.</summary>
    public Node Layer => Layers[0];

    /// <summary>The layers.</summary>
    public ImmutableArray<Node> Layers { get; }

    /// <summary>The layer's activations on some images.</summary>
    /// <param name="inputs">At least one; all of one size. Everything that they give is held at once, so hand over about as many as make a
    /// batch.</param>
    /// <param name="cancel">Checked before each layer.</param>
    /// <returns>The shape, <c>[N,C,h,w]</c> or <c>[N,F]</c>, and the values.</returns>
    /// <exception cref="ModelException">The images' size does not fit the network.</exception>
    /// <exception cref="BackendException">Not even one image fits the memory limit.</exception>
    public (Shape Shape, float[] Values) Activations(IReadOnlyList<NetworkInput> inputs, CancellationToken cancel)
    {
        float[] values = [];
        Shape one = default;
        Run(
            inputs,
            (layer, first, shape, batch) =>
            {
                if (layer > 0)
                {
                    return;
                }

                one = shape.WithBatch(1);
                if (shape[0] == inputs.Count)
                {
                    values = batch;
                    return;
                }

                if (values.Length == 0)
                {
                    values = new float[inputs.Count * one.Count];
                }

                batch.CopyTo(values.AsSpan((int)(first * one.Count)));
            },
            cancel);
        return (one.WithBatch(inputs.Count), values);
    }

    /// <summary>Hands on the activations of all layers, batch by batch; none is held.</summary>
    /// <param name="inputs">At least one; all of one size.</param>
    /// <param name="use">Takes each layer's activations on each batch.</param>
    /// <param name="cancel">Checked before each layer.</param>
    /// <exception cref="ModelException">The images' size does not fit the network.</exception>
    /// <exception cref="BackendException">Not even one image fits the memory limit.</exception>
    public void Run(IReadOnlyList<NetworkInput> inputs, LayerUser use, CancellationToken cancel) => _explainer.Batches(
        _head,
        inputs.Count,
        (inputs[0].Image.Height, inputs[0].Image.Width),
        backward: false,
        _kept,
        (i, input) => inputs[i].Tensor.CopyTo(input),
        (session, first, _) =>
        {
            for (int l = 0; l < _kept.Length; l++)
            {
                use(l, first, session.ShapeOf(_kept[l]), session.Activation(_kept[l]));
            }
        },
        progress: null,
        cancel);

    /// <summary>What a channel does on one image: as it is if it has the network's own size, else resized and cropped to it.</summary>
    /// <inheritdoc cref="Activations"/>
    public UnitReading Read(RgbImage image, int channel, CancellationToken cancel)
    {
        Network network = _explainer.Network;
        Preprocessing own = network.Preprocessing;
        (RgbImage prepared, float[] tensor) = (image.Height, image.Width) == (own.Height, own.Width)
            ? (image, Normalization.ToTensor(image, own))
            : NetworkInput.Prepare(image, network);
        (Shape shape, float[] values) = Activations([new NetworkInput("", prepared, tensor, "")], cancel);
        return UnitReading.Of(values, shape, 0, channel);
    }
}
