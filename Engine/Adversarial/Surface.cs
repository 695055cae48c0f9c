using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Models;

namespace Interp.Engine.Adversarial;

/// <summary>
/// What an attack changes: an image of 8-bit values, and how the network comes to see it. Values are grey levels 0…255 in float32,
/// <c>[C,H,W]</c> with the planes red, green, blue, or one plane of grey; an image that can be saved has whole numbers, on which this
/// arithmetic is exact. Only the part of the image that the network sees is changed, and H and W are its size. For one caller at a time.
/// </summary>
public abstract class Surface
{
    /// <param name="network">The network that will see the image.</param>
    /// <param name="clean">The clean image, at the size at which it is changed.</param>
    /// <param name="channels">Planes of the levels: 3, or 1 for grey.</param>
    /// <param name="window">The part that the network sees.</param>
    /// <exception cref="Common.InputException">The network takes neither RGB nor grey.</exception>
    private protected Surface(Network network, RgbImage clean, int channels, PixelWindow window)
    {
        NetworkInput.RequireChannels("attack", network);
        (Network, Image, Channels, Window) = (network, clean, channels, window);
        Clean = LevelsOf(clean);
    }

    /// <summary>Its name on the command line: <c>network</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The network that will see the image.</summary>
    public Network Network { get; }

    /// <summary>The clean image.</summary>
    public RgbImage Image { get; }

    /// <summary>The part of the image that the network sees, and that is changed.</summary>
    public PixelWindow Window { get; }

    /// <summary>The clean image's levels within <see cref="Window"/>, <c>[C,H,W]</c>. Not to be written to.</summary>
    public float[] Clean { get; }

    /// <summary>Planes of the levels: three colours, or one of grey.</summary>
    public int Channels { get; }

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

    /// <summary>The whole image with the levels in <see cref="Window"/>, rounded to whole ones (halves to even) and clamped.</summary>
    public RgbImage ToImage(ReadOnlySpan<float> levels)
    {
        var pixels = (byte[])Image.Pixels.Clone();
        Write(levels, pixels.AsSpan(3 * ((Window.Top * Image.Width) + Window.Left)), Image.Width);
        return new RgbImage(Image.Width, Image.Height, pixels);
    }

    /// <summary>The levels of an image of the clean one's size within <see cref="Window"/>.</summary>
    /// <exception cref="ArgumentException">It has another size.</exception>
    public float[] LevelsOf(RgbImage image)
    {
        if ((image.Width, image.Height) != (Image.Width, Image.Height))
        {
            throw new ArgumentException($"expected {Image.Width}x{Image.Height} pixels, found {image.Width}x{image.Height}", nameof(image));
        }

        RgbImage seen = Luma.Seen(image, Channels);
        var levels = new float[Channels * Window.Width * Window.Height];
        for (int at = 0, c = 0; c < Channels; c++)
        {
            for (int y = 0; y < Window.Height; y++)
            {
                int from = (3 * (((Window.Top + y) * image.Width) + Window.Left)) + c;
                for (int x = 0; x < Window.Width; x++)
                {
                    levels[at++] = seen.Pixels[from + (3 * x)];
                }
            }
        }

        return levels;
    }

    /// <summary>Rounds levels to whole ones within 0…255.</summary>
    internal static void Round(Span<float> levels)
    {
        for (int i = 0; i < levels.Length; i++)
        {
            levels[i] = Whole(levels[i]);
        }
    }

    /// <summary>The plane of the levels that the network's channel comes from.</summary>
    private protected int PlaneOf(int channel) => Channels == 1 ? 0 : Network.Preprocessing.ChannelOrder.Plane(channel);

    /// <summary>Writes rounded levels as pixels of three bytes, in rows of an image of some width.</summary>
    private protected void Write(ReadOnlySpan<float> levels, Span<byte> pixels, int width)
    {
        int plane = Window.Width * Window.Height;
        for (int c = 0; c < 3; c++)
        {
            ReadOnlySpan<float> from = levels.Slice(Channels == 1 ? 0 : c * plane, plane);
            for (int y = 0; y < Window.Height; y++)
            {
                ReadOnlySpan<float> row = from.Slice(y * Window.Width, Window.Width);
                Span<byte> to = pixels[((3 * y * width) + c)..];
                for (int x = 0; x < row.Length; x++)
                {
                    to[3 * x] = (byte)Whole(row[x]);
                }
            }
        }
    }

    private static float Whole(float level) => Math.Clamp(MathF.Round(level), 0, 255);
}
