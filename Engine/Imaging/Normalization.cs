using Interp.Engine.Models;

namespace Interp.Engine.Imaging;

/// <summary>Between images and a network's units, channel by channel: x = (v/255 − mean) / deviation, the channels in the network's
/// order.</summary>
public static class Normalization
{
    /// <summary>
    /// The image as a tensor <c>[3,H,W]</c> in normalised units, or <c>[1,H,W]</c> of its grey (ITU-R 601) where there is one mean. Every
    /// step is rounded to float32, as torchvision's <c>ToTensor</c> and <c>Normalize</c> do, so the values are theirs bit for bit.
    /// </summary>
    public static float[] ToTensor(RgbImage image, Preprocessing preprocessing)
    {
        int plane = image.Width * image.Height, channels = preprocessing.Channels;
        RgbImage seen = Luma.Seen(image, channels);
        var tensor = new float[channels * plane];
        for (int c = 0; c < channels; c++)
        {
            (float mean, float deviation) = (preprocessing.Mean[c], preprocessing.Deviation[c]);
            int colour = preprocessing.ChannelOrder.Plane(c);
            for (int i = 0; i < plane; i++)
            {
                tensor[(c * plane) + i] = ((seen.Pixels[(3 * i) + colour] / 255f) - mean) / deviation;
            }
        }

        return tensor;
    }

    /// <summary>One channel of grey levels in 0…255, whole or not, in the network's units: x = (v/255 − mean) / deviation, each step
    /// rounded to float32 as <see cref="ToTensor"/> does.</summary>
    internal static void Channel(ReadOnlySpan<float> levels, int channel, Preprocessing units, Span<float> tensor)
    {
        (float mean, float deviation) = (units.Mean[channel], units.Deviation[channel]);
        for (int i = 0; i < levels.Length; i++)
        {
            tensor[i] = ((levels[i] / 255f) - mean) / deviation;
        }
    }

    /// <summary>The gradient with respect to a channel's levels from that with respect to its values: g / (255·deviation).</summary>
    internal static void ChannelGradient(ReadOnlySpan<float> gradient, int channel, Preprocessing units, Span<float> levels)
    {
        double scale = 1 / (255.0 * units.Deviation[channel]);
        for (int i = 0; i < gradient.Length; i++)
        {
            levels[i] = (float)(gradient[i] * scale);
        }
    }

    /// <summary>
    /// The image that a tensor <c>[3,H,W]</c>, or of a grey network <c>[1,H,W]</c>, in normalised units stands for:
    /// v = 255·(x·deviation + mean), rounded to the nearest integer and clamped to 0…255. The inverse of <see cref="ToTensor"/>
    /// on tensors that came from an image.
    /// </summary>
    public static RgbImage ToImage(ReadOnlySpan<float> tensor, int height, int width, Preprocessing preprocessing)
    {
        int plane = height * width, channels = preprocessing.Channels;
        var pixels = new byte[3 * plane];
        for (int c = 0; c < channels; c++)
        {
            (float mean, float deviation) = (preprocessing.Mean[c], preprocessing.Deviation[c]);
            int colour = preprocessing.ChannelOrder.Plane(c);
            for (int i = 0; i < plane; i++)
            {
                double value = 255.0 * (((double)tensor[(c * plane) + i] * deviation) + mean);
                byte rounded = (byte)Math.Clamp(Math.Round(value), 0, 255);
                pixels.AsSpan(channels == 1 ? 3 * i : (3 * i) + colour, channels == 1 ? 3 : 1).Fill(rounded);
            }
        }

        return new RgbImage(width, height, pixels);
    }
}
