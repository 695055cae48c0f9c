using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Models;
using Interp.Engine.Tensors;

namespace Interp.Engine.Examples;

/// <summary>
/// What the network makes of images without one channel, for one or several channels: its map set to a value everywhere, 0 or its mean, and
/// the layers behind run again, as Ablation-CAM does for one image (S. Desai, H. Ramaswamy, WACV 2020) and D. Bau et al. for many (PNAS
/// 2020, doi 10.1073/pnas.1907375117). Sums are in float64 and in the order of the images.
/// </summary>
public sealed class Ablation
{
    private readonly Network _network;
    private readonly LayerTail _tail;
    private readonly float _value;
    private readonly Sums[] _sums;
    private long _images;

    /// <summary>Prepares the layers behind.</summary>
    /// <param name="explainer">The network, and where it runs.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="channel">One of its channels.</param>
    /// <param name="value">What the channel is set to.</param>
    /// <exception cref="InputException">The layer is the network's output, or that does not depend on it, or the network has no
    /// classes.</exception>
    public Ablation(Explainer explainer, Node layer, int channel, float value = 0)
        : this(explainer, layer, [channel], value)
    {
    }

    /// <summary>The same for several channels, one at a time: the images run once as they are, and once without each channel.</summary>
    /// <inheritdoc cref="Ablation(Explainer, Node, int, float)"/>
    /// <param name="explainer">The network, and where it runs.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="channels">Some of its channels.</param>
    /// <param name="value">What each is set to.</param>
    public Ablation(Explainer explainer, Node layer, IReadOnlyList<int> channels, float value = 0)
    {
        _tail = new LayerTail(explainer, layer);
        (_network, _value) = (explainer.Network, value);
        _sums = [.. channels.Select(k => new Sums(k, new double[explainer.Network.Classes]))];
    }

    /// <summary>The effect of the first channel's removal on the images so far.</summary>
    public AblationEffect Effect => Effects[0];

    /// <summary>The effects of all channels' removals, in their order.</summary>
    public IReadOnlyList<AblationEffect> Effects =>
        [.. _sums.Select(s => new AblationEffect(_images, _value, s.Changed, Mean(s.Drop), Array.ConvertAll(s.Changes, Mean)))];

    /// <summary>Takes images with what the layer gives for them, and runs the layers behind for each, once as they are and once without
    /// each channel. Where paths lead around the layer, the whole network runs once more for what they bring.</summary>
    /// <param name="inputs">The images, all of one size.</param>
    /// <param name="shape"><c>[N,C,h,w]</c> or <c>[N,F]</c>.</param>
    /// <param name="activation">The layer's activations.</param>
    /// <param name="cancel">Checked before each layer.</param>
    public void Add(IReadOnlyList<NetworkInput> inputs, Shape shape, float[] activation, CancellationToken cancel)
    {
        int plane = (int)(shape.Count / shape[0]) / shape[1], variants = 1 + _sums.Length;
        float[][] logits = _tail.Outputs(
            inputs,
            shape,
            activation,
            variants,
            (variant, maps) =>
            {
                if (variant > 0)
                {
                    maps.Slice(_sums[variant - 1].Channel * plane, plane).Fill(_value);
                }
            },
            cancel);
        for (int n = 0; n < shape[0]; n++)
        {
            _images++;
            Compare(logits[variants * n], logits.AsSpan((variants * n) + 1, _sums.Length));
        }
    }

    private void Compare(float[] with, ReadOnlySpan<float[]> without)
    {
        OutputActivation output = _network.OutputActivation;
        (int top, int answer) = (Top(with), Answer(with));
        double probability = output.Probabilities(with)[top];
        for (int k = 0; k < without.Length; k++)
        {
            Sums sums = _sums[k];
            sums.Changed += Answer(without[k]) == answer ? 0 : 1;
            sums.Drop += probability - output.Probabilities(without[k])[top];
            for (int c = 0; c < sums.Changes.Length; c++)
            {
                sums.Changes[c] += (double)without[k][c] - with[c];
            }
        }
    }

    private double Mean(double sum) => _images > 0 ? sum / _images : 0;

    /// <summary>What is added up of one channel.</summary>
    private sealed class Sums(int channel, double[] changes)
    {
        internal int Channel => channel;

        internal double[] Changes => changes;

        internal long Changed { get; set; }

        internal double Drop { get; set; }
    }

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
