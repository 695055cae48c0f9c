using Interp.Engine.Evidence;
using Interp.Engine.Imaging;

namespace Interp.Engine.Examples;

/// <summary>Images of what excites a channel: cut-outs of one size, whole images with the cut-out marked, and sheets of many.</summary>
public static class ExampleImages
{
    private const byte Ground = 128;
    private const int Gap = 4;
    private const int BetweenGroups = 24;

    /// <summary>
    /// A part of an image, enlarged or reduced so that its longer side fills a square; mid-grey beside it where it is not a square itself,
    /// since it was cut off at the image's border.
    /// </summary>
    /// <param name="image">The image.</param>
    /// <param name="box">The part, inside the image and not empty.</param>
    /// <param name="side">Width and height of the result.</param>
    public static RgbImage Cut(RgbImage image, PixelBox box, int side)
    {
        (int width, int height) = (box.Right - box.Left, box.Bottom - box.Top);
        double scale = (double)side / Math.Max(width, height);
        RgbImage fitted = Resampling.Resize(image.Part(box.Left, box.Top, width, height), Side(width), Side(height));
        RgbImage square = Blank(side, side);
        Paste(fitted, square, (side - fitted.Width) / 2, (side - fitted.Height) / 2);
        return square;

        int Side(int length) => Math.Clamp((int)Math.Round(length * scale), 1, side);
    }

    /// <summary>A whole image in a square, with a part marked by a white line around it and a black one around that; none where the part
    /// ends at the border.</summary>
    /// <inheritdoc cref="Cut"/>
    public static RgbImage Marked(RgbImage image, PixelBox box, int side)
    {
        var copy = new RgbImage(image.Width, image.Height, [.. image.Pixels]);
        int line = Math.Max(1, Math.Max(image.Width, image.Height) / 112);
        Frame(copy, box, line, 2 * line, 0);
        Frame(copy, box, 0, line, 255);
        return Cut(copy, new PixelBox(0, 0, copy.Width, copy.Height), side);
    }

    /// <summary>Groups of squares side by side, each group row by row in about as many columns as rows.</summary>
    /// <param name="groups">Squares of one size; empty groups are left out.</param>
    /// <exception cref="ArgumentException">There is no square at all.</exception>
    public static RgbImage Sheet(params IReadOnlyList<IReadOnlyList<RgbImage>> groups)
    {
        IReadOnlyList<RgbImage>[] filled = [.. groups.Where(g => g.Count > 0)];
        if (filled.Length == 0)
        {
            throw new ArgumentException("a sheet needs at least one image", nameof(groups));
        }

        int side = filled[0][0].Width + Gap;
        int columns = Columns(filled.Max(g => g.Count));
        int[] starts = [.. filled.Select((_, i) => Gap + (i * ((columns * side) + BetweenGroups)))];
        RgbImage sheet = Blank(
            starts[^1] + (Math.Min(columns, filled[^1].Count) * side), Gap + (filled.Max(g => (g.Count + columns - 1) / columns) * side));
        foreach ((IReadOnlyList<RgbImage> group, int start) in filled.Zip(starts))
        {
            for (int i = 0; i < group.Count; i++)
            {
                Paste(group[i], sheet, start + (i % columns * side), Gap + (i / columns * side));
            }
        }

        return sheet;
    }

    /// <summary>Squares in rows of their own, from the left; between two groups of a row there is a wider gap.</summary>
    /// <param name="rows">For each row its groups of squares, all of one size.</param>
    /// <exception cref="ArgumentException">There is no square at all.</exception>
    public static RgbImage Rows(IReadOnlyList<IReadOnlyList<IReadOnlyList<RgbImage>>> rows)
    {
        RgbImage first = rows.SelectMany(r => r).SelectMany(g => g).FirstOrDefault()
            ?? throw new ArgumentException("a sheet needs at least one image", nameof(rows));
        int side = first.Width + Gap, groups = rows.Max(r => r.Count);
        int[] widths = [.. Enumerable.Range(0, groups).Select(g => rows.Max(r => g < r.Count ? r[g].Count : 0))];
        int[] starts = [.. widths.Select((_, g) => Start(widths[..g]))];
        RgbImage sheet = Blank(starts[^1] + (widths[^1] * side), Gap + (rows.Count * side));
        for (int row = 0; row < rows.Count; row++)
        {
            for (int group = 0; group < rows[row].Count; group++)
            {
                for (int i = 0; i < rows[row][group].Count; i++)
                {
                    Paste(rows[row][group][i], sheet, starts[group] + (i * side), Gap + (row * side));
                }
            }
        }

        return sheet;

        int Start(int[] before) => Gap + (before.Sum() * side) + (before.Count(w => w > 0) * BetweenGroups);
    }

    private static int Columns(int count) => (int)Math.Ceiling(Math.Sqrt(count));

    private static RgbImage Blank(int width, int height)
    {
        var pixels = new byte[3 * width * height];
        pixels.AsSpan().Fill(Ground);
        return new RgbImage(width, height, pixels);
    }

    private static void Paste(RgbImage from, RgbImage to, int left, int top)
    {
        for (int y = 0; y < from.Height; y++)
        {
            from.Pixels.AsSpan(3 * y * from.Width, 3 * from.Width).CopyTo(to.Pixels.AsSpan(3 * (((top + y) * to.Width) + left)));
        }
    }

    private static void Frame(RgbImage image, PixelBox box, int from, int to, byte value)
    {
        var inner = new PixelBox(box.Left - from, box.Top - from, box.Right + from, box.Bottom + from);
        for (int y = Math.Max(0, box.Top - to); y < Math.Min(image.Height, box.Bottom + to); y++)
        {
            for (int x = Math.Max(0, box.Left - to); x < Math.Min(image.Width, box.Right + to); x++)
            {
                if (!inner.Contains(x, y))
                {
                    image.Pixels.AsSpan(3 * ((y * image.Width) + x), 3).Fill(value);
                }
            }
        }
    }
}
