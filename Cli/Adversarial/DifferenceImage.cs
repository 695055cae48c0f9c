using Interp.Engine.Imaging;

namespace Interp.Cli.Adversarial;

/// <summary>What an attack has changed, made visible.</summary>
internal static class DifferenceImage
{
    private const double Kept = 0.999;

    /// <summary>Grey where nothing changed: 127.5 + k·d for differences d in grey levels, with the largest whole k for which 99.9 % of the
    /// values that changed stay within 0…255.</summary>
    internal static (RgbImage Image, double Factor) Of(RgbImage clean, RgbImage other)
    {
        int[] changes = [.. clean.Pixels.Zip(other.Pixels, (a, b) => b - a)];
        int[] sizes = [.. changes.Where(d => d != 0).Select(Math.Abs).Order()];
        int most = sizes.Length == 0 ? 0 : sizes[Math.Min(sizes.Length - 1, (int)(Kept * sizes.Length))];
        int k = most == 0 ? 1 : Math.Max(1, 127 / most);
        return (new RgbImage(clean.Width, clean.Height, [.. changes.Select(d => (byte)Math.Clamp(127.5 + (k * d), 0, 255))]), k);
    }

    /// <summary>Where it changed: the length of each pixel's change, the longest white.</summary>
    internal static RgbImage Where(RgbImage clean, RgbImage other)
    {
        double[] lengths = [.. Enumerable.Range(0, clean.Width * clean.Height).Select(i => Math.Sqrt(
            Enumerable.Range(3 * i, 3).Sum(j => Math.Pow(other.Pixels[j] - clean.Pixels[j], 2))))];
        double most = Math.Max(1e-9, lengths.Max());
        return new RgbImage(clean.Width, clean.Height, [.. lengths.SelectMany(l => Enumerable.Repeat((byte)(255 * l / most), 3))]);
    }
}
