using Interp.Engine.Common;
using Interp.Engine.Imaging;
using Interp.Engine.Models;

namespace Interp.Engine.Attribution;

/// <summary>
/// Turns raw attributions g into images of the input's size. With channels, <c>[3,H,W]</c> or of a grey network <c>[1,H,W]</c>:
/// <list type="bullet">
/// <item><c>color</c>: 0.5 + g / (2·max|g|), zero is mid-grey; or (g − min) / (max − min);</item>
/// <item><c>positive</c>: max(0, g) / max g, and <c>negative</c>: max(0, −g) / −min g, over all channels, as RGB; with one channel
/// as grey;</item>
/// <item><c>heatmap</c>: the channels reduced to one plane v (max|g_c| or Σ g_c), clipped at the 99th percentile, black to white;</item>
/// <item><c>overlay</c>: α·colour(heat map) + (1 − α)·input, not scaled again.</item>
/// </list>
/// A map, <c>[1,H,W]</c>, has a heat map (unclipped, in the overlay's colours) and an overlay. A signed plane is shown blue-white-red
/// around zero. Deterministic.
/// </summary>
public static class AttributionImages
{
    /// <summary>
    /// The images of an attribution, and remarks such as "negative.png is blank: no value is below 0" or "map is empty: every value is
    /// 0". Values that are not finite are shown as 0.
    /// </summary>
    /// <param name="attribution">The raw values, <c>[3,H,W]</c>, or for maps and grey networks <c>[1,H,W]</c>, with the input's H and
    /// W.</param>
    /// <param name="kind">What they stand for.</param>
    /// <param name="input">The image as the network saw it.</param>
    /// <param name="options">Colours, scales and clipping.</param>
    /// <param name="order">The order of the attribution's colour channels.</param>
    /// <exception cref="InputException">An option names nothing known, or alpha is not in 0…1.</exception>
    /// <exception cref="ArgumentException">The attribution has another size than the image.</exception>
    public static (IReadOnlyList<(string Name, RgbImage Image)> Images, IReadOnlyList<string> Remarks) Render(
        ReadOnlySpan<float> attribution, AttributionKind kind, RgbImage input, ImageOptions options,
        ChannelOrder order = ChannelOrder.Rgb)
    {
        bool isMap = kind.IsMap();
        int plane = input.Width * input.Height, channels = isMap || attribution.Length == plane ? 1 : 3;
        if (attribution.Length != channels * plane)
        {
            string found = $"{attribution.Length} values in {channels} channels for an image of {input.Width}x{input.Height}";
            throw new ArgumentException(found, nameof(attribution));
        }

        if (options.Alpha is not (>= 0 and <= 1))
        {
            throw new InputException($"alpha {options.Alpha}: expected 0 (only the image) to 1 (only the colours)");
        }

        Colormap colors = Colormap.All.Find(options.Colormap);
        ChannelReduction reduction = ReductionOf(kind, options);
        HeatmapClip clip = HeatmapClip.All.Find(options.Clip ?? (isMap ? "none" : "99"));

        var images = new List<(string, RgbImage)>();
        var remarks = new List<string>();
        float[] g = Finite(attribution, remarks);
        if (!isMap)
        {
            if (channels == 3)
            {
                order.Exchange(g, plane);
            }

            images.AddRange(ChannelImages(g, input, options.ColorScale, remarks));
        }

        bool signed = isMap ? kind == AttributionKind.SignedMap : reduction.IsSigned;
        double[] heat = Heat(isMap ? g : reduction.Apply(g, channels), clip, signed, remarks);
        Colormap heatColors = signed ? Colormaps.BlueWhiteRed : isMap ? colors : Colormaps.Grey;
        images.Add(("heatmap", Paint(input, (i, _) => heatColors.Color(heat[i]))));
        Colormap overlayColors = signed ? Colormaps.BlueWhiteRed : colors;
        images.Add(("overlay", Paint(input, (i, p) => Blend(overlayColors.Color(heat[i]), p, options.Alpha))));
        return (images, remarks);
    }

    /// <summary>One of the images of a result, ready for <see cref="ImageFile.WritePng(string, RgbImage)"/>.</summary>
    /// <param name="result">What a method found.</param>
    /// <param name="input">The input that it was found for.</param>
    /// <param name="name"><c>overlay</c>, <c>heatmap</c>, or with colour channels <c>color</c>, <c>positive</c>, <c>negative</c>.</param>
    /// <param name="options">Colours, scales and clipping.</param>
    /// <exception cref="InputException">The result has no such image, an option names nothing known, or alpha is not in 0…1.</exception>
    public static RgbImage Render(AttributionResult result, NetworkInput input, string name = "overlay", ImageOptions? options = null)
    {
        IReadOnlyList<(string Name, RgbImage Image)> all =
            Render(result.Values, result.Kind, input.Image, options ?? new(), input.ChannelOrder).Images;
        return all.FirstOrDefault(p => p.Name == name).Image
            ?? throw new InputException(
            $"{result.Method.Name} has no image '{name}': expected one of {string.Join(", ", all.Select(p => p.Name))}");
    }

    /// <summary>How channels are reduced for a heat map of this kind.</summary>
    public static ChannelReduction ReductionOf(AttributionKind kind, ImageOptions options) => options.Reduction is { } name
        ? ChannelReduction.All.Find(name)
        : kind == AttributionKind.Contribution ? ChannelReduction.Sum : ChannelReduction.MaxAbs;

    private static float[] Finite(ReadOnlySpan<float> attribution, List<string> remarks)
    {
        float[] values = attribution.ToArray();
        int bad = 0;
        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                values[i] = 0;
                bad++;
            }
        }

        if (bad > 0)
        {
            remarks.Add($"{bad} of {values.Length} values are not finite (NaN or infinite), shown as 0");
        }

        if (bad < values.Length && !values.AsSpan().ContainsAnyExcept(0f))
        {
            remarks.Add("map is empty: every value is 0");
        }

        return values;
    }

    private static IEnumerable<(string, RgbImage)> ChannelImages(float[] g, RgbImage input, ColorScale scale, List<string> remarks)
    {
        (double min, double max) = (g.Min(), g.Max());
        if (max <= 0 && min < 0)
        {
            remarks.Add("positive.png is blank: no value is above 0");
        }
        else if (min >= 0 && max > 0)
        {
            remarks.Add("negative.png is blank: no value is below 0");
        }

        double largest = Math.Max(max, -min);
        int channels = g.Length / (input.Width * input.Height);
        yield return ("color", scale == ColorScale.Symmetric
            ? PaintChannels(input, channels, i => largest > 0 ? 0.5 + (g[i] / (2 * largest)) : 0.5)
            : PaintChannels(input, channels, i => max > min ? (g[i] - min) / (max - min) : 0.5));
        yield return ("positive", PaintChannels(input, channels, i => max > 0 ? g[i] / max : 0));
        yield return ("negative", PaintChannels(input, channels, i => min < 0 ? g[i] / min : 0));
    }

    /// <summary>The plane scaled to 0…1; a signed one with its zero at 0.5 and the same scale to both sides.</summary>
    private static double[] Heat(float[] plane, HeatmapClip clip, bool signed, List<string> remarks)
    {
        (double low, double high) = clip.Range(signed ? [.. plane.Select(Math.Abs)] : plane, out bool isFallback);
        if (isFallback)
        {
            remarks.Add($"heatmap.png is scaled to the maximum: clipping ({clip.Name}) would leave nothing of it");
        }

        if (signed)
        {
            return [.. plane.Select(v => high > 0 ? 0.5 + (v / (2 * high)) : 0.5)];
        }

        if (high == low && low != 0)
        {
            remarks.Add($"heatmap.png is blank: every value is {low:g6}");
        }

        return [.. plane.Select(v => high > low ? (v - low) / (high - low) : 0)];
    }

    private static RgbImage PaintChannels(RgbImage input, int channels, Func<int, double> value)
    {
        int plane = input.Width * input.Height, green = channels / 3 * plane;
        byte Channel(int i) => Colormap.Quantize(value(i));
        return Paint(input, (i, _) => (Channel(i), Channel(green + i), Channel((2 * green) + i)));
    }

    private static RgbImage Paint(RgbImage input, Func<int, (byte R, byte G, byte B), (byte R, byte G, byte B)> color)
    {
        var pixels = new byte[input.Pixels.Length];
        for (int i = 0, at = 0; at < pixels.Length; i++, at += 3)
        {
            (pixels[at], pixels[at + 1], pixels[at + 2]) = color(i, (input.Pixels[at], input.Pixels[at + 1], input.Pixels[at + 2]));
        }

        return new RgbImage(input.Width, input.Height, pixels);
    }

    private static (byte R, byte G, byte B) Blend((byte R, byte G, byte B) color, (byte R, byte G, byte B) image, double alpha)
    {
        byte Mix(byte c, byte p) => (byte)((alpha * c) + ((1 - alpha) * p) + 0.5);
        return (Mix(color.R, image.R), Mix(color.G, image.G), Mix(color.B, image.B));
    }
}
