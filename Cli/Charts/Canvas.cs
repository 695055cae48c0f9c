using Interp.Engine.Imaging;

namespace Interp.Cli.Charts;

/// <summary>Images put into others.</summary>
internal static class Canvas
{
    /// <summary>A white image.</summary>
    internal static RgbImage White(int width, int height)
    {
        var pixels = new byte[3 * width * height];
        Array.Fill(pixels, byte.MaxValue);
        return new RgbImage(width, height, pixels);
    }

    /// <summary>Puts an image into another, which it lies inside of.</summary>
    internal static void Put(this RgbImage canvas, RgbImage part, int left, int top)
    {
        for (int y = 0; y < part.Height; y++)
        {
            part.Pixels.AsSpan(3 * y * part.Width, 3 * part.Width).CopyTo(canvas.Pixels.AsSpan(3 * (((top + y) * canvas.Width) + left)));
        }
    }
}
