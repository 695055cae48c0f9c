using Interp.Engine.Arithmetic;
using Interp.Engine.Evidence;
using Interp.Engine.Examples;
using Interp.Engine.Imaging;

namespace Interp.Engine.Concepts.Discovery;

/// <summary>Images of a discovered concept: the crops that have most of it, and where it is in whole images.</summary>
public static class DiscoveryImages
{
    private const int HeatMapsShown = 6;
    private const double Strongest = 0.75;

    /// <summary>
    /// An image with a concept's map over it, enlarged bilinearly. Colour and its share grow from nothing at 0 to
    /// <see cref="Colormaps.Inferno"/>'s brightest at the concept's largest value in all images, so that maps of different images can be
    /// compared.
    /// </summary>
    /// <param name="found">The concepts.</param>
    /// <param name="images">The images that they were found in.</param>
    /// <param name="image">Place of the image.</param>
    /// <param name="concept">Place of the concept.</param>
    public static RgbImage HeatMap(DiscoveredConcepts found, IReadOnlyList<NetworkInput> images, int image, int concept)
    {
        float largest = 0;
        for (int i = 0; i < found.Images; i++)
        {
            foreach (float value in found.MapOf(i, concept))
            {
                largest = Math.Max(largest, value);
            }
        }

        RgbImage photo = images[image].Image;
        float[] map = Bilinear.Resize(
            found.MapOf(image, concept), (found.MapHeight, found.MapWidth), (photo.Height, photo.Width));
        byte[] pixels = [.. photo.Pixels];
        for (int i = 0; i < map.Length; i++)
        {
            double heat = largest > 0 ? map[i] / largest : 0;
            (byte r, byte g, byte b) = Colormaps.Inferno.Color(heat);
            Span<byte> pixel = pixels.AsSpan(3 * i, 3);
            (pixel[0], pixel[1], pixel[2]) = (Mix(r, pixel[0], heat), Mix(g, pixel[1], heat), Mix(b, pixel[2], heat));
        }

        return new RgbImage(photo.Width, photo.Height, pixels);

        static byte Mix(byte color, byte photo, double heat) =>
            (byte)((Strongest * heat * color) + ((1 - (Strongest * heat)) * photo) + 0.5);
    }

    /// <summary>The crops that have most of a concept, and right of them the six images that have most of it, with its map.</summary>
    /// <param name="found">The concepts.</param>
    /// <param name="images">The images that they were found in.</param>
    /// <param name="concept">Place of the concept.</param>
    /// <param name="side">Width and height of each.</param>
    public static RgbImage Sheet(DiscoveredConcepts found, IReadOnlyList<NetworkInput> images, int concept, int side = 128)
    {
        RgbImage[] crops = [.. found.Concepts[concept].Crops.Select(c => ExampleImages.Cut(images[c.Image].Image, c.Box, side))];
        RgbImage[] maps = [.. Strong(found, concept).Select(i => Fitted(HeatMap(found, images, i, concept)))];
        return ExampleImages.Sheet(crops, maps);

        RgbImage Fitted(RgbImage image) => ExampleImages.Cut(image, new PixelBox(0, 0, image.Width, image.Height), side);
    }

    /// <summary>The images that have most of a concept, the largest mean of its map first.</summary>
    private static IEnumerable<int> Strong(DiscoveredConcepts found, int concept) => Enumerable.Range(0, found.Images)
        .OrderByDescending(i =>
        {
            double sum = 0;
            foreach (float value in found.MapOf(i, concept))
            {
                sum += value;
            }

            return sum;
        }).Take(HeatMapsShown);
}
