using Interp.Engine.Graph;
using Interp.Engine.Imaging;

namespace Interp.Engine.Adversarial;

/// <summary>The image as the network sees it, after resizing and cropping: x = (v/255 − mean) / deviation, value by value. Its saved image
/// must be shown to the network as it is; prepared once more it is another image.</summary>
/// <param name="network">The network.</param>
/// <param name="prepared">The prepared image, <see cref="NetworkInput.Image"/>.</param>
public sealed class NetworkSurface(Network network, RgbImage prepared)
    : Surface(network, prepared, network.Preprocessing.Channels, new PixelWindow(0, 0, prepared.Width, prepared.Height))
{
    /// <inheritdoc/>
    public override string Name => "network";

    /// <inheritdoc/>
    public override (int Height, int Width) Seen => (Image.Height, Image.Width);

    /// <inheritdoc/>
    public override void ToNetwork(ReadOnlySpan<float> levels, Span<float> tensor)
    {
        int plane = levels.Length / Channels;
        for (int c = 0; c < Channels; c++)
        {
            Normalization.Channel(
                levels.Slice(PlaneOf(c) * plane, plane), c, Network.Preprocessing, tensor.Slice(c * plane, plane));
        }
    }

    /// <inheritdoc/>
    public override void Backward(ReadOnlySpan<float> tensorGradient, Span<float> gradient)
    {
        int plane = gradient.Length / Channels;
        for (int c = 0; c < Channels; c++)
        {
            Normalization.ChannelGradient(
                tensorGradient.Slice(c * plane, plane), c, Network.Preprocessing, gradient.Slice(PlaneOf(c) * plane, plane));
        }
    }

    /// <inheritdoc/>
    public override float[] ReadBack(RgbImage saved) => Normalization.ToTensor(saved, Network.Preprocessing);
}
