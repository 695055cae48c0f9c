using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Models;
using Interp.Engine.Tensors;

namespace Interp.Engine.Examples;

/// <summary>Runs images through a network as far as one layer and gives that layer's activations; what stands behind the layer is not
/// computed.</summary>
/// <remarks>The explainer opens the sessions and bounds their memory; equal inputs give equal bits at any number of threads.</remarks>
public sealed class LayerRun
{
    private readonly Explainer _explainer;
    private readonly Network _head;

    /// <summary>Prepares the part of the network that is needed.</summary>
    /// <param name="explainer">The network, and where it runs.</param>
    /// <param name="layer">One of its nodes.</param>
    /// <exception cref="InputException">The node is the input, which no layer computes.</exception>
    public LayerRun(Explainer explainer, Node layer)
    {
        if (layer.Id == 0)
        {
            throw new InputException($"layer {layer.Name}: that is the image itself; name a layer behind it");
        }

        (_explainer, Layer) = (explainer, layer);
        _head = NetworkHead.UpTo(explainer.Network, layer);
    }

    /// <summary>The layer.</summary>
    public Node Layer { get; }

    /// <summary>The layer's activations on some images.</summary>
    /// <param name="inputs">At least one; all of one size. Everything that they give is held at once, so hand over about as many as make a
    /// batch.</param>
    /// <param name="cancel">Checked before each layer.</param>
    /// <returns>The shape, <c>[N,C,h,w]</c> or <c>[N,F]</c>, and the values.</returns>
    /// <exception cref="ModelException">The images' size does not fit the network.</exception>
    /// <exception cref="BackendException">Not even one image fits the memory limit.</exception>
    public (Shape Shape, float[] Values) Activations(IReadOnlyList<NetworkInput> inputs, CancellationToken cancel)
    {
        (int Height, int Width) size = (inputs[0].Image.Height, inputs[0].Image.Width);
        float[] values = [];
        Shape one = default;
        _explainer.Batches(
            _head,
            inputs.Count,
            size,
            backward: false,
            [],
            (i, input) => inputs[i].Tensor.CopyTo(input),
            (session, first, n) =>
            {
                one = session.ShapeOf(_head.Output).WithBatch(1);
                float[] batch = session.Activation(_head.Output);
                if (n == inputs.Count && batch.Length == n * one.Count)
                {
                    values = batch;
                    return;
                }

                if (values.Length == 0)
                {
                    values = new float[inputs.Count * one.Count];
                }

                batch.AsSpan(0, (int)(n * one.Count)).CopyTo(values.AsSpan((int)(first * one.Count)));
            },
            progress: null,
            cancel);
        return (one.WithBatch(inputs.Count), values);
    }

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
