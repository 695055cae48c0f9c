using Interp.Engine.Attribution;
using Interp.Engine.Backends;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Tensors;

namespace Interp.Engine.Adversarial;

/// <summary>A channel's mean activation on two images.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Before">On the clean image.</param>
/// <param name="After">On the adversarial one.</param>
public readonly record struct UnitChange(int Channel, double Before, double After)
{
    /// <summary>After − before.</summary>
    public double Change => After - Before;
}

/// <summary>What a change of the image becomes inside a network.</summary>
public static class ActivationChange
{
    /// <summary>The channels of a layer with their mean activations on both images, those that moved most first, the lower channel first
    /// among equals.</summary>
    /// <param name="explainer">The network.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="before">The clean image.</param>
    /// <param name="after">The adversarial one, of the same size.</param>
    /// <param name="cancel">Checked before each layer.</param>
    public static IReadOnlyList<UnitChange> Units(
        Explainer explainer, Node layer, NetworkInput before, NetworkInput after, CancellationToken cancel = default)
    {
        double[] a = Means(explainer, layer, before, cancel), b = Means(explainer, layer, after, cancel);
        return [.. a.Select((m, k) => new UnitChange(k, m, b[k])).OrderByDescending(u => Math.Abs(u.Change)).ThenBy(u => u.Channel)];
    }

    /// <summary>‖Δa‖₂/‖a‖₂ of some layers, a being the layer's values on the clean image; NaN where they are all zero.</summary>
    /// <param name="explainer">The network.</param>
    /// <param name="layers">The layers.</param>
    /// <param name="before">The clean image.</param>
    /// <param name="after">The adversarial one, of the same size.</param>
    /// <param name="cancel">Checked before each layer.</param>
    public static IReadOnlyList<double> Shares(
        Explainer explainer, IReadOnlyList<Node> layers, NetworkInput before, NetworkInput after, CancellationToken cancel = default)
    {
        float[][] clean = Values(before);
        return [.. Values(after).Select((b, i) => Share(clean[i], b))];

        float[][] Values(NetworkInput input)
        {
            Session session = explainer.Forward(input, [.. layers], cancel);
            return [.. layers.Select(session.Activation)];
        }
    }

    private static double Share(float[] a, float[] b)
    {
        double change = 0, own = 0;
        for (int i = 0; i < a.Length; i++)
        {
            change += ((double)b[i] - a[i]) * ((double)b[i] - a[i]);
            own += (double)a[i] * a[i];
        }

        return own > 0 ? Math.Sqrt(change / own) : double.NaN;
    }

    private static double[] Means(Explainer explainer, Node layer, NetworkInput input, CancellationToken cancel)
    {
        Session session = explainer.Forward(input, [layer], cancel);
        Shape shape = session.ShapeOf(layer);
        float[] values = session.Activation(layer);
        int channels = shape[1], plane = values.Length / channels;
        return [.. Enumerable.Range(0, channels).Select(k =>
        {
            double sum = 0;
            foreach (float v in values.AsSpan(k * plane, plane))
            {
                sum += v;
            }

            return sum / plane;
        })];
    }
}
