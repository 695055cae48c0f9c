using Interp.Engine.Models;

namespace Interp.Engine.Evidence;

/// <summary>A rectangle of pixels of a network's input.</summary>
/// <param name="Left">First column.</param>
/// <param name="Top">First row.</param>
/// <param name="Right">The column behind the last.</param>
/// <param name="Bottom">The row behind the last.</param>
public readonly record struct PixelBox(int Left, int Top, int Right, int Bottom)
{
    /// <summary>Number of pixels.</summary>
    public long Area => (long)Math.Max(0, Right - Left) * Math.Max(0, Bottom - Top);

    /// <summary>Whether a pixel lies in it.</summary>
    public bool Contains(int x, int y) => x >= Left && x < Right && y >= Top && y < Bottom;

    /// <summary>The indices of its pixels in a plane.</summary>
    public IEnumerable<int> Pixels(int width)
    {
        for (int y = Top; y < Bottom; y++)
        {
            for (int x = Left; x < Right; x++)
            {
                yield return (y * width) + x;
            }
        }
    }

    /// <summary>Pixels in both divided by pixels in either.</summary>
    public double IntersectionOverUnion(PixelBox other)
    {
        var both = new PixelBox(Math.Max(Left, other.Left), Math.Max(Top, other.Top), Math.Min(Right, other.Right),
            Math.Min(Bottom, other.Bottom));
        long union = Area + other.Area - both.Area;
        return union > 0 ? (double)both.Area / union : 0;
    }

    /// <summary>
    /// Where a box of an image file lies in the network's input, after the resizing and cropping of torchvision's preparation: the pixels
    /// whose centres lie
    /// in the resized box. Cut off at the crop; of no area if nothing of it is left.
    /// </summary>
    /// <param name="source">Width and height of the image in the file.</param>
    /// <param name="preprocessing">The network's preparation.</param>
    public PixelBox Through((int Width, int Height) source, Preprocessing preprocessing)
    {
        (long width, long height) = preprocessing.Resized(source.Width, source.Height);
        (int left, int right) = Map(Left, Right, source.Width, width, preprocessing.Width);
        (int top, int bottom) = Map(Top, Bottom, source.Height, height, preprocessing.Height);
        return new PixelBox(left, top, right, bottom);
    }

    private static (int First, int Behind) Map(int first, int behind, int length, long resized, int middle)
    {
        double offset = Preprocessing.CropOffset(resized, middle);
        double scale = (double)resized / length;
        int from = Edge(first), to = Edge(behind);
        return (from, Math.Max(from, to));

        int Edge(int edge) => (int)Math.Clamp(Math.Ceiling((edge * scale) - offset - 0.5), 0, middle);
    }
}
