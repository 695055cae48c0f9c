namespace Interp.Engine.Imaging;

/// <summary>
/// Grey of colours as Pillow's <c>convert("L")</c> makes it: ITU-R 601's luma L = 0.299·R + 0.587·G + 0.114·B in integers,
/// (19595·R + 38470·G + 7471·B + 2^15) / 2^16. Grey stays as it is.
/// </summary>
internal static class Luma
{
    private const int Red = 19595, Green = 38470, Blue = 7471;

    /// <summary>The share of red, green and blue.</summary>
    internal static IReadOnlyList<double> Shares { get; } = [Red / 65536.0, Green / 65536.0, Blue / 65536.0];

    /// <summary>The luma of one pixel.</summary>
    internal static byte Of(byte red, byte green, byte blue) => (byte)(((Red * red) + (Green * green) + (Blue * blue) + 0x8000) >> 16);

    /// <summary>The image as a network of some channels sees it: in grey where there is one.</summary>
    internal static RgbImage Seen(RgbImage image, int channels) => channels == 1 ? Of(image) : image;

    /// <summary>The image in grey: three equal values a pixel.</summary>
    internal static RgbImage Of(RgbImage image)
    {
        byte[] from = image.Pixels;
        var pixels = new byte[from.Length];
        for (int i = 0; i < pixels.Length; i += 3)
        {
            pixels.AsSpan(i, 3).Fill(Of(from[i], from[i + 1], from[i + 2]));
        }

        return new RgbImage(image.Width, image.Height, pixels) { Remark = image.Remark };
    }
}
