using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Models;
using Interp.Engine.Tensors;

namespace Interp.Engine.Examples;

/// <summary>
/// What the network makes of images without one channel: its map set to a value everywhere, 0 or its mean, and the layers behind run again,
/// as Ablation-CAM does for one image (S. Desai, H. Ramaswamy, WACV 2020) and D. Bau et al. for many (PNAS 2020, doi
/// 10.1073/pnas.1907375117). Sums are in float64 and in the order of the images.
/// </summary>
public sealed class Ablation
{
    private readonly Network _network;
    private readonly LayerTail _tail;
    private readonly int _channel;
    private readonly float _value;
    private readonly double[] _changes;
    private long _images;
    private long _changed;
    private double _drop;

    /// <summary>Prepares the layers behind.</summary>
    /// <param name="explainer">The network, and where it runs.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="channel">One of its channels.</param>
    /// <param name="value">What the channel is set to.</param>
    /// <exception cref="InputException">The layer is the network's output, or that does not depend on it, or the network has no
    /// classes.</exception>
    public Ablation(Explainer explainer, Node layer, int channel, float value = 0)
    {
        _tail = new LayerTail(explainer, layer);
        (_network, _channel, _value) = (explainer.Network, channel, value);
        _changes = new double[explainer.Network.Classes];
    }

    /// <summary>The effect on the images so far.</summary>
    public AblationEffect Effect => new(_images, _value, _changed, Mean(_drop), Array.ConvertAll(_changes, Mean));

    /// <summary>Takes images with what the layer gives for them, and runs the layers behind twice for each. Where paths lead around the
    /// layer, the whole network runs once more for what they bring.</summary>
    /// <param name="inputs">The images, all of one size.</param>
    /// <param name="shape"><c>[N,C,h,w]</c> or <c>[N,F]</c>.</param>
    /// <param name="activation">The layer's activations.</param>
    /// <param name="cancel">Checked before each layer.</param>
    public void Add(IReadOnlyList<NetworkInput> inputs, Shape shape, float[] activation, CancellationToken cancel)
    {
        int plane = (int)(shape.Count / shape[0]) / shape[1];
        float[][] logits = _tail.Outputs(
            inputs,
            shape,
            activation,
            variants: 2,
            (variant, maps) =>
            {
                if (variant == 1)
                {
                    maps.Slice(_channel * plane, plane).Fill(_value);
                }
            },
            cancel);
        for (int n = 0; n < shape[0]; n++)
        {
            Compare(logits[2 * n], logits[(2 * n) + 1]);
        }
    }

    private void Compare(float[] with, float[] without)
    {
        OutputActivation output = _network.OutputActivation;
        int top = Top(with);
        _images++;
        _changed += Answer(without) == Answer(with) ? 0 : 1;
        _drop += output.Probabilities(with)[top] - output.Probabilities(without)[top];
        for (int c = 0; c < _changes.Length; c++)
        {
            _changes[c] += (double)without[c] - with[c];
        }
    }

    private double Mean(double sum) => _images > 0 ? sum / _images : 0;

    /// <summary>The top class; of a detector of one class, whether it is there: the side of p = ½ (z = 0).</summary>
    private static int Answer(float[] logits) => logits is [float only] ? (only >= 0 ? 0 : -1) : Top(logits);

    private static int Top(float[] logits) => Array.IndexOf(logits, logits.Max());
}

/// <summary>What the removal of a channel does to the predictions of some images.</summary>
/// <param name="Images">How many there are.</param>
/// <param name="Value">What the channel was set to.</param>
/// <param name="Changed">How many have another top class without the channel; where there is one class, how many cross p = ½.</param>
/// <param name="TopDrop">Mean of p_c − p'_c, c being each image's top class with the channel, p' its probability without.</param>
/// <param name="LogitChanges">For each class the mean of z'_c − z_c: below 0 where the channel spoke for the class.</param>
public sealed record AblationEffect(long Images, float Value, long Changed, double TopDrop, IReadOnlyList<double> LogitChanges)
{
    /// <summary>The classes whose logits fall most, those that fall most first; classes that do not fall are left out.</summary>
    public IReadOnlyList<int> Fallen(int count) => Classes(count, -1);

    /// <summary>The classes whose logits rise most, those that rise most first; classes that do not rise are left out.</summary>
    public IReadOnlyList<int> Risen(int count) => Classes(count, 1);

    private int[] Classes(int count, int sign) =>
        [.. Enumerable.Range(0, LogitChanges.Count).Where(c => sign * LogitChanges[c] > 0).OrderByDescending(c => sign * LogitChanges[c])
        .Take(count)];
}
