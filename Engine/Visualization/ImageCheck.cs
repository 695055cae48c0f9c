using Interp.Engine.Backends;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Models;

namespace Interp.Engine.Visualization;

/// <summary>
/// The closed loop: what the network makes of a finished image, prepared like any photo, without the optimisation's transforms and with its
/// values rounded to 8 bits. Keeps its session from one image to the next.
/// </summary>
/// <param name="network">The network.</param>
/// <param name="backend">Where it runs; not disposed of here.</param>
public sealed class ImageCheck(Network network, IBackend backend) : IDisposable
{
    private Session? _session;
    private Work _ended;

    /// <summary>Passes through the network so far.</summary>
    public Work Work => _ended + (_session?.Work ?? default);

    /// <summary>The class's probability.</summary>
    /// <param name="image">The image.</param>
    /// <param name="c">The class.</param>
    /// <param name="prepared">Whether the image is the network's own input, to be taken as it is.</param>
    /// <param name="cancel">Checked before each layer.</param>
    /// <exception cref="Common.InputException">The network has no classes.</exception>
    public double Probability(RgbImage image, int c, bool prepared = false, CancellationToken cancel = default)
    {
        network.RequireClasses();
        return network.OutputActivation.Probabilities(Look(image, [], prepared, cancel).Logits())[c];
    }

    /// <summary>What the network makes of an image, and where a channel of a layer stands among the others.</summary>
    /// <param name="image">The image.</param>
    /// <param name="classes">How many of the first classes to name.</param>
    /// <param name="layer">The layer, or null.</param>
    /// <param name="channel">The channel in it, or null.</param>
    /// <param name="prepared">Whether the image is the network's own input, to be taken as it is.</param>
    public ImageFacts Facts(RgbImage image, int classes, Node? layer, int? channel, bool prepared = false)
    {
        Session session = Look(image, layer is null ? [] : [layer], prepared);
        bool classifies = network.Classes > 0;
        float[] logits = classifies ? session.Logits() : [];
        IReadOnlyList<Prediction> top = classifies ? Prediction.Top(logits, network.Labels, network.OutputActivation, classes) : [];
        double[] probabilities = classifies ? network.OutputActivation.Probabilities(logits) : [];
        if (layer is null || channel is not { } k)
        {
            return new ImageFacts(probabilities, top, null, null);
        }

        int channels = session.ShapeOf(layer)[1];
        float[] activation = session.Activation(layer);
        double[] means = [.. activation.Chunk(activation.Length / channels).Select(map => map.Average(v => (double)v))];
        return new ImageFacts(probabilities, top, 1 + means.Count(m => m > means[k]), channels);
    }

    /// <summary>A session that has run forward on the image, resized and cropped as <c>predict</c> does, and keeps the given
    /// nodes.</summary>
    /// <param name="image">The image.</param>
    /// <param name="keep">The nodes.</param>
    /// <param name="prepared">Whether it is the network's own input, to be taken as it is.</param>
    /// <param name="cancel">Checked before each layer.</param>
    public Session Look(RgbImage image, ReadOnlySpan<Node> keep, bool prepared = false, CancellationToken cancel = default)
    {
        if (_session is null || keep.ToArray().Any(n => !_session.Options.Keep.Contains(n)))
        {
            Close();
            _session = backend.Open(network, new SessionOptions { Backward = false, Keep = [.. keep] });
        }

        _session.Forward(
            prepared ? Normalization.ToTensor(image, network.Preprocessing) : NetworkInput.Prepare(image, network).Tensor, cancel);
        return _session;
    }

    /// <inheritdoc/>
    public void Dispose() => Close();

    private void Close()
    {
        _ended += _session?.Work ?? default;
        _session?.Dispose();
        _session = null;
    }
}
