using System.Collections.Immutable;
using Interp.Engine.Imaging;

namespace Interp.Engine.Attribution.Perturbation.Regions;

/// <summary>The images of regions: their outlines on the photo, and what the network was shown of each.</summary>
internal static class RegionDrawing
{
    private const double Dimmed = 0.45;
    private static readonly (byte R, byte G, byte B) s_without = (255, 0, 255);
    private static readonly (byte R, byte G, byte B)[] s_ranks =
        [(255, 220, 0), (0, 200, 255), (60, 220, 60), (255, 140, 0), (160, 120, 255)];

    /// <summary><c>regions</c>: the photo, dark outside of all regions, with the outline of each, the first in yellow, then in cyan, green,
    /// orange and violet, that of the counterfactual one in magenta; <c>region-N</c>, <c>crop-N</c> and <c>counterfactual</c>: the
    /// network's own inputs.</summary>
    internal static ImmutableArray<NamedImage> Of(
        AttributionRequest request, RegionImage image, IReadOnlyList<CheckedRegion> regions, CheckedRegion? without)
    {
        var images = new List<NamedImage> { new("regions", Outlines(request.Input.Image, regions, without)) };
        for (int i = 0; i < regions.Count; i++)
        {
            CheckedRegion region = regions[i];
            images.Add(new($"region-{i + 1}", Seen(input => image.Show(region.Pixels, keeps: true, input))));
            images.Add(new($"crop-{i + 1}", Seen(input => image.Enlarge(region.Crop, input))));
        }

        if (without is not null)
        {
            images.Add(new("counterfactual", Seen(input => image.Show(without.Pixels, keeps: false, input))));
        }

        return [.. images];

        RgbImage Seen(Action<float[]> show)
        {
            var input = new float[request.Input.Tensor.Length];
            show(input);
            return Normalization.ToImage(input, request.Input.Image.Height, request.Input.Image.Width, request.Network.Preprocessing);
        }
    }

    private static RgbImage Outlines(RgbImage photo, IReadOnlyList<CheckedRegion> regions, CheckedRegion? without)
    {
        byte[] pixels = [.. photo.Pixels];
        for (int i = 0; regions.Count > 0 && i < pixels.Length; i++)
        {
            pixels[i] = regions.Any(r => r.Pixels[i / 3]) ? pixels[i] : (byte)(Dimmed * pixels[i]);
        }

        int thickness = Math.Max(1, Math.Min(photo.Width, photo.Height) / 112);
        for (int i = 0; i < regions.Count; i++)
        {
            Outline(pixels, photo, regions[i].Pixels, s_ranks[i % s_ranks.Length], thickness);
        }

        if (without is not null)
        {
            Outline(pixels, photo, without.Pixels, s_without, thickness);
        }

        return new RgbImage(photo.Width, photo.Height, pixels);
    }

    /// <summary>Colours those pixels of a region from which one outside is no further than the line is thick.</summary>
    private static void Outline(byte[] pixels, RgbImage photo, bool[] region, (byte R, byte G, byte B) color, int thickness)
    {
        for (int i = 0; i < region.Length; i++)
        {
            if (region[i] && IsNearEdge(i))
            {
                (pixels[3 * i], pixels[(3 * i) + 1], pixels[(3 * i) + 2]) = color;
            }
        }

        bool IsNearEdge(int at)
        {
            (int y, int x) = Math.DivRem(at, photo.Width);
            for (int dy = -thickness; dy <= thickness; dy++)
            {
                for (int dx = -thickness; dx <= thickness; dx++)
                {
                    (int row, int column) = (y + dy, x + dx);
                    if (row < 0 || row >= photo.Height || column < 0 || column >= photo.Width || !region[(row * photo.Width) + column])
                    {
                        return true;
                    }
                }
            }

            return false;
        }
    }
}
