using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Models;

namespace Interp.Engine.Adversarial;

/// <summary>The image as the network sees it, after resizing and cropping: x = (v/255 − mean) / deviation, value by value. Its saved image
/// must be shown to the network as it is; prepared once more it is another image.</summary>
/// <param name="network">The network.</param>
/// <param name="prepared">The prepared image, <see cref="NetworkInput.Image"/>.</param>
public sealed class NetworkSurface(Network network, RgbImage prepared) : Surface(network, prepared)
{
    /// <inheritdoc/>
    public override string Name => "network";

    /// <inheritdoc/>
    public override (int Height, int Width) Seen => (Image.Height, Image.Width);

    /// <inheritdoc/>
    public override void ToNetwork(ReadOnlySpan<float> levels, Span<float> tensor)
    {
        Preprocessing units = Network.Preprocessing;
        int plane = levels.Length / Channels;
        for (int c = 0; c < Channels; c++)
        {
            ReadOnlySpan<float> from = levels.Slice(PlaneOf(c) * plane, plane);
            (float mean, float deviation) = (units.Mean[c], units.Deviation[c]);
            for (int i = 0; i < plane; i++)
            {
                tensor[(c * plane) + i] = ((from[i] / 255f) - mean) / deviation;
            }
        }
    }

    /// <inheritdoc/>
    public override void Backward(ReadOnlySpan<float> tensorGradient, Span<float> gradient)
    {
        Preprocessing units = Network.Preprocessing;
        int plane = gradient.Length / Channels;
        for (int c = 0; c < Channels; c++)
        {
            Span<float> to = gradient.Slice(PlaneOf(c) * plane, plane);
            double scale = 1 / (255.0 * units.Deviation[c]);
            for (int i = 0; i < plane; i++)
            {
                to[i] = (float)(tensorGradient[(c * plane) + i] * scale);
            }
        }
    }

    /// <inheritdoc/>
    public override float[] ReadBack(RgbImage saved) => Normalization.ToTensor(saved, Network.Preprocessing);
}
