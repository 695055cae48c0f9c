namespace Interp.Engine.Arithmetic;

/// <summary>
/// Enlarging a map bilinearly with half-pixel centres, as PyTorch's <c>interpolate(mode="bilinear", align_corners=False)</c> and OpenCV do:
/// output pixel i
/// looks at source position (i + ½)·h/H − ½, clamped to the map.
/// </summary>
internal static class Bilinear
{
    /// <summary>The map at another size.</summary>
    /// <param name="map"><c>[h,w]</c>.</param>
    /// <param name="from">h and w.</param>
    /// <param name="to">H and W.</param>
    public static float[] Resize(ReadOnlySpan<float> map, (int Height, int Width) from, (int Height, int Width) to)
    {
        var result = new float[to.Height * to.Width];
        (int Low, int High, double Share)[] columns = [.. Enumerable.Range(0, to.Width).Select(i => Place(i, from.Width, to.Width))];
        for (int y = 0; y < to.Height; y++)
        {
            (int low, int high, double down) = Place(y, from.Height, to.Height);
            ReadOnlySpan<float> above = map.Slice(low * from.Width, from.Width), below = map.Slice(high * from.Width, from.Width);
            for (int x = 0; x < to.Width; x++)
            {
                (int left, int right, double across) = columns[x];
                double top = above[left] + (across * (above[right] - above[left]));
                double bottom = below[left] + (across * (below[right] - below[left]));
                result[(y * to.Width) + x] = (float)(top + (down * (bottom - top)));
            }
        }

        return result;
    }

    /// <summary>The two source positions between which an output position lies, and how far it is from the lower.</summary>
    internal static (int Low, int High, double Share) Place(int i, int from, int to)
    {
        double source = Math.Max(0, ((i + 0.5) * from / to) - 0.5);
        int low = Math.Min((int)source, from - 1);
        return (low, Math.Min(low + 1, from - 1), source - low);
    }
}
