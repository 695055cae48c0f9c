using Interp.Engine.Models;

namespace Interp.Engine.LabelSets;

/// <summary>
/// The labels of an image on a grid over what the network sees of it: the image's own resizing and cropping, and of the label under each
/// grid point's centre that one (nearest neighbour: labels are never mixed). Grid points beside the image are
/// <see cref="LabelPlane.Void"/>.
/// </summary>
/// <remarks>Grid point (y, x) of h×w over an input of H×W has its centre at ((y + ½) H/h, (x + ½) W/w) in the input; the crop's offset is
/// added, the image's resizing undone, and the result rounded down is the place in the file.</remarks>
/// <param name="Preprocessing">How the network's images are prepared.</param>
/// <param name="Height">h.</param>
/// <param name="Width">w.</param>
public sealed record LabelGrid(Preprocessing Preprocessing, int Height, int Width)
{
    /// <summary>A grid whose longer side has so many points, the other in the input's proportion.</summary>
    /// <param name="preprocessing">How the network's images are prepared.</param>
    /// <param name="size">Points along the longer side; no more than the input has pixels there.</param>
    public static LabelGrid Of(Preprocessing preprocessing, int size)
    {
        int longer = Math.Max(preprocessing.Height, preprocessing.Width);
        size = Math.Clamp(size, 1, longer);
        return new LabelGrid(preprocessing, Side(preprocessing.Height), Side(preprocessing.Width));

        int Side(int pixels) => Math.Max(1, (int)Math.Round((double)pixels * size / longer));
    }

    /// <summary>The labels under the grid points, <c>[h,w]</c>; of a label of the whole image that label everywhere.</summary>
    /// <param name="plane">The labels.</param>
    /// <param name="imageWidth">Width of the image in its file.</param>
    /// <param name="imageHeight">Height of the image in its file.</param>
    public ushort[] Sample(LabelPlane plane, int imageWidth, int imageHeight)
    {
        (long width, long height) = Preprocessing.Resized(imageWidth, imageHeight);
        int[] rows = Places(Height, Preprocessing.Height, height, plane.Height), columns =
            Places(Width, Preprocessing.Width, width, plane.Width);
        var labels = new ushort[Height * Width];
        for (int y = 0; y < Height; y++)
        {
            for (int x = 0; x < Width; x++)
            {
                labels[(y * Width) + x] = rows[y] < 0 || columns[x] < 0
                    ? LabelPlane.Void : plane.Labels[(rows[y] * plane.Width) + columns[x]];
            }
        }

        return labels;
    }

    /// <summary>For each grid point along a side its place in the plane, or −1 beside the image.</summary>
    private static int[] Places(int points, int input, long resized, int plane)
    {
        var places = new int[points];
        long offset = Preprocessing.CropOffset(resized, input);
        for (int i = 0; i < points; i++)
        {
            double at = ((i + 0.5) * input / points) + offset;
            places[i] = at < 0 || at >= resized ? -1 : Math.Min(plane - 1, (int)(at * plane / resized));
        }

        return places;
    }
}
