using Interp.Engine.Evidence;
using Interp.Engine.Examples;
using Interp.Engine.Imaging;

namespace Interp.Engine.Concepts.Relevance;

/// <summary>
/// The part of a photo that a conditional map points at: the map's sum over the colours, what is below zero left out, smoothed with a
/// Gaussian of 19 pixels (σ 3.2); cut to the box of what lies above a tenth of its maximum, and darkened to 0.3 where it is below a fifth,
/// as the paper's code shows reference samples. Deterministic.
/// </summary>
public static class RelevanceCrop
{
    private const double Sigma = 3.2;
    private const int Radius = 9;
    private const float InBox = 0.1f;
    private const float Bright = 0.2f;
    private const double Dark = 0.3;

    /// <summary>The part, in a square; the whole photo, darkened, where the map is nowhere above zero.</summary>
    /// <param name="image">The photo as the network saw it.</param>
    /// <param name="map">What speaks for the channel, <c>[C,H,W]</c> with the photo's H and W.</param>
    /// <param name="side">Width and height of the result.</param>
    public static RgbImage Cut(RgbImage image, ReadOnlySpan<float> map, int side)
    {
        float[] heat = Smooth(map, image.Height, image.Width);
        float most = heat.Max();
        var dark = new RgbImage(image.Width, image.Height, [.. image.Pixels]);
        for (int i = 0; i < heat.Length; i++)
        {
            if (most <= 0 || heat[i] < Bright * most)
            {
                foreach (ref byte value in dark.Pixels.AsSpan(3 * i, 3))
                {
                    value = (byte)((Dark * value) + 0.5);
                }
            }
        }

        return ExampleImages.Cut(dark, BoxOf(heat, image.Width, InBox * most), side);
    }

    /// <summary>Σ_c map_c above zero, smoothed, <c>[H,W]</c>.</summary>
    private static float[] Smooth(ReadOnlySpan<float> map, int height, int width)
    {
        var plane = new float[height * width];
        for (int i = 0; i < map.Length; i++)
        {
            plane[i % plane.Length] += map[i];
        }

        return GaussianBlur.Apply(Array.ConvertAll(plane, v => MathF.Max(v, 0)), height, width, Sigma, Radius);
    }

    private static PixelBox BoxOf(float[] heat, int width, float above)
    {
        int[] inside = [.. Enumerable.Range(0, heat.Length).Where(i => heat[i] > above)];
        return inside.Length == 0
            ? new PixelBox(0, 0, width, heat.Length / width)
            : new PixelBox(inside.Min(i => i % width), inside[0] / width, inside.Max(i => i % width) + 1, (inside[^1] / width) + 1);
    }
}
