using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Models;

namespace Interp.Engine.Adversarial;

/// <summary>
/// What an attack changes: an image of 8-bit values, and how the network comes to see it. Values are grey levels 0…255 in float32,
/// <c>[C,H,W]</c> with the planes red, green, blue, or one plane for a network that sees grey; an image that can be saved has whole
/// numbers, on which this arithmetic is exact.
/// </summary>
public abstract class Surface
{
    /// <param name="network">The network that will see the image.</param>
    /// <param name="clean">The clean image, at the size at which it is changed.</param>
    protected Surface(Network network, RgbImage clean)
    {
        (Network, Image) = (network, clean);
        Clean = Levels(clean, network.Preprocessing.Channels);
    }

    /// <summary>Its name on the command line: <c>network</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The network that will see the image.</summary>
    public Network Network { get; }

    /// <summary>The clean image.</summary>
    public RgbImage Image { get; }

    /// <summary>The clean image's levels, <c>[C,H,W]</c>.</summary>
    public float[] Clean { get; }

    /// <summary>Planes of the levels: three colours, or one for a network that sees grey.</summary>
    public int Channels => Network.Preprocessing.Channels;

    /// <summary>Height and width of what the network sees.</summary>
    public abstract (int Height, int Width) Seen { get; }

    /// <summary>The network's input in normalised units. On whole levels it is, bit for bit, what the network gets from the saved
    /// file.</summary>
    /// <param name="levels">The levels.</param>
    /// <param name="tensor">Takes <c>[C,H,W]</c>, the channels in the network's order.</param>
    public abstract void ToNetwork(ReadOnlySpan<float> levels, Span<float> tensor);

    /// <summary>The gradient with respect to the levels (per level, not per 0…1) from that with respect to the network's input.</summary>
    /// <param name="tensorGradient">∂f/∂tensor, as <see cref="ToNetwork"/> lays it out.</param>
    /// <param name="gradient">Takes ∂f/∂level, of the levels' layout.</param>
    public abstract void Backward(ReadOnlySpan<float> tensorGradient, Span<float> gradient);

    /// <summary>The network's input from an image that was saved and read back: through the network's own preparation, or as it is,
    /// whichever the surface stands for.</summary>
    public abstract float[] ReadBack(RgbImage saved);

    /// <summary>The image of levels, rounded to whole ones (halves to even) and clamped.</summary>
    public RgbImage ToImage(ReadOnlySpan<float> levels)
    {
        int plane = Image.Width * Image.Height;
        var pixels = new byte[3 * plane];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)Math.Clamp(MathF.Round(levels[((Channels == 1 ? 0 : i % 3) * plane) + (i / 3)]), 0, 255);
        }

        return new RgbImage(Image.Width, Image.Height, pixels);
    }

    /// <summary>Rounds levels to whole ones within 0…255.</summary>
    public static void Round(Span<float> levels)
    {
        for (int i = 0; i < levels.Length; i++)
        {
            levels[i] = Math.Clamp(MathF.Round(levels[i]), 0, 255);
        }
    }

    /// <summary>The plane of the levels that the network's channel comes from.</summary>
    protected int PlaneOf(int channel) => Channels == 1 ? 0 : Network.Preprocessing.ChannelOrder.Plane(channel);

    private static float[] Levels(RgbImage image, int channels)
    {
        RgbImage seen = Luma.Seen(image, channels);
        int plane = image.Width * image.Height;
        var levels = new float[channels * plane];
        for (int i = 0; i < levels.Length; i++)
        {
            levels[i] = seen.Pixels[(3 * (i % plane)) + (i / plane)];
        }

        return levels;
    }
}
