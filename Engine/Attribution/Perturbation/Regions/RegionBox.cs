namespace Interp.Engine.Attribution.Perturbation.Regions;

/// <summary>A rectangle of pixels.</summary>
internal readonly record struct RegionBox(int Left, int Top, int Width, int Height)
{
    /// <summary>The smallest one that holds all marked pixels of <c>[H,W]</c>; at least one is marked.</summary>
    internal static RegionBox Around(bool[] pixels, int width)
    {
        int[] marked = [.. Enumerable.Range(0, pixels.Length).Where(i => pixels[i])];
        int left = marked.Min(i => i % width), top = marked[0] / width;
        return new(left, top, marked.Max(i => i % width) - left + 1, (marked[^1] / width) - top + 1);
    }

    /// <summary>The smallest box of an image's proportions that holds this one, about the same centre as far as that is
    /// possible.</summary>
    internal RegionBox InProportion(int height, int width)
    {
        double scale = Math.Max((double)Height / height, (double)Width / width);
        int h = Math.Clamp((int)Math.Ceiling(scale * height), Height, height);
        int w = Math.Clamp((int)Math.Ceiling(scale * width), Width, width);
        return new(Within(Left - ((w - Width) / 2), width - w), Within(Top - ((h - Height) / 2), height - h), w, h);

        static int Within(int at, int most) => Math.Clamp(at, 0, most);
    }

    /// <summary>As <c>evaluate --boxes</c> writes one: xmin, ymin, xmax, ymax, the last column and row included.</summary>
    public override string ToString() => FormattableString.Invariant($"{Left},{Top},{Left + Width - 1},{Top + Height - 1}");
}
