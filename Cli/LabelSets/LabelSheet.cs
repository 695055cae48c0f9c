using Interp.Cli.Charts;
using Interp.Engine.Imaging;
using Interp.Engine.LabelSets;

namespace Interp.Cli.LabelSets;

/// <summary>
/// Some images of a label set on one sheet: what is labelled in outline, and under each image the names in the outlines' colours. What is
/// unknown is hatched.
/// </summary>
internal static class LabelSheet
{
    /// <summary>How many images a sheet has.</summary>
    internal const int Images = 6;

    private const int Side = 400, Gap = 12, Columns = 3, MostNames = 8;
    private const double LineHeight = 20, TextSize = 13;

    /// <summary>The places of images for a sheet, evenly spread over those that can be read.</summary>
    internal static int[] Choose(int count, IReadOnlySet<int> unreadable)
    {
        int[] readable = [.. Enumerable.Range(0, count).Where(i => !unreadable.Contains(i))];
        int some = Math.Min(Images, readable.Length);
        return [.. Enumerable.Range(0, some).Select(i => readable[(int)((((2 * i) + 1L) * readable.Length) / (2 * some))])];
    }

    /// <summary>Draws a sheet.</summary>
    /// <param name="set">The set.</param>
    /// <param name="images">At least one of its images.</param>
    internal static RgbImage Draw(LabelSet set, IReadOnlyList<LabelledImage> images)
    {
        RgbImage[] cells = [.. images.Select(i => Cell(set, i))];
        int columns = Math.Min(Columns, cells.Length), rows = (cells.Length + columns - 1) / columns;
        int[] heights = [.. Enumerable.Range(0, rows).Select(r => cells.Skip(r * columns).Take(columns).Max(c => c.Height))];
        RgbImage sheet = Canvas.White(Gap + (columns * (Side + Gap)), Gap + heights.Sum() + (rows * Gap));
        for (int i = 0; i < cells.Length; i++)
        {
            int row = i / columns;
            sheet.Put(cells[i], Gap + (i % columns * (Side + Gap)), Gap + heights.Take(row).Sum() + (row * Gap));
        }

        return sheet;
    }

    private static RgbImage Cell(LabelSet set, LabelledImage image)
    {
        double scale = (double)Side / Math.Max(image.Image.Width, image.Image.Height);
        int width = Math.Clamp((int)Math.Round(image.Image.Width * scale), 1, Side);
        int height = Math.Clamp((int)Math.Round(image.Image.Height * scale), 1, Side);
        RgbImage small = Resampling.Resize(image.Image, width, height);
        ushort[][] planes = [.. image.Planes.Select(p => Sample(p, width, height))];
        ushort[] labels =
        [
            .. planes.SelectMany(p => p).Where(l => l is not 0 and not LabelPlane.Void).CountBy(l => l)
                .OrderByDescending(c => c.Value).ThenBy(c => c.Key).Select(c => c.Key),
        ];
        var colors = labels.Select((l, i) => (l, i)).ToDictionary(c => c.l, c => ChartColors.Of(c.i).Rgb);
        for (int p = 0; p < planes.Length; p++)
        {
            if (!image.Planes[p].IsWhole)
            {
                Outline(small, planes[p], colors);
            }
        }

        RgbImage names = Names(set, image, labels, colors, planes.Any(p => p.Contains(LabelPlane.Void)));
        RgbImage cell = Canvas.White(Side, height + names.Height);
        cell.Put(small, 0, 0);
        cell.Put(names, 0, height);
        return cell;
    }

    /// <summary>The labels under the middles of a smaller image's pixels.</summary>
    private static ushort[] Sample(LabelPlane plane, int width, int height)
    {
        var sampled = new ushort[width * height];
        for (int i = 0; i < sampled.Length; i++)
        {
            int y = (int)(((2L * (i / width)) + 1) * plane.Height / (2 * height));
            int x = (int)(((2L * (i % width)) + 1) * plane.Width / (2 * width));
            sampled[i] = plane.Labels[(y * plane.Width) + x];
        }

        return sampled;
    }

    private static void Outline(RgbImage image, ushort[] labels, Dictionary<ushort, int> colors)
    {
        (int width, int height) = (image.Width, image.Height);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                ushort label = labels[(y * width) + x];
                if (label == LabelPlane.Void && (x + y) % 8 < 2)
                {
                    Set(image, x, y, 0x000000);
                }
                else if (label is not 0 and not LabelPlane.Void && IsNearEdge(x, y, label))
                {
                    Set(image, x, y, colors[label]);
                }
            }
        }

        bool IsNearEdge(int x, int y, ushort label)
        {
            for (int dy = -2; dy <= 2; dy++)
            {
                for (int dx = -2; dx <= 2; dx++)
                {
                    (int u, int v) = (x + dx, y + dy);
                    if ((dx * dx) + (dy * dy) <= 4 && (u < 0 || v < 0 || u >= width || v >= height || labels[(v * width) + u] != label))
                    {
                        return true;
                    }
                }
            }

            return false;
        }
    }

    /// <summary>The image's name, and of its largest labels the names beside their colours.</summary>
    private static RgbImage Names(
        LabelSet set, LabelledImage image, ushort[] labels, Dictionary<ushort, int> colors, bool hasUnknown)
    {
        var marks = new List<Mark>();
        double y = LineHeight - 5;
        Line(image.Name, null, Paint.Soft);
        foreach (ushort label in labels.Take(MostNames))
        {
            Concept concept = set.Concepts[label - 1];
            Line($"{concept.Name} ({concept.Category})", new Paint(colors[label]), Paint.Ink);
        }

        if (labels.Length > MostNames)
        {
            Line($"and {labels.Length - MostNames} more", null, Paint.Soft);
        }

        if (labels.Length == 0)
        {
            Line("no labels", null, Paint.Soft);
        }

        if (hasUnknown)
        {
            Line("hatched: unknown, left out of every count", null, Paint.Soft);
        }

        return Raster.Draw(Side, y - LineHeight + 10, marks, 1);

        void Line(string text, Paint? dot, Paint paint)
        {
            if (dot is { } color)
            {
                marks.Add(new DotMark(7, y - 5, 5, color));
            }

            double left = dot is null ? 0 : 18;
            marks.Add(new TextMark(left, y, Glyphs.Cut(text, TextSize, Side - left), paint, TextSize));
            y += LineHeight;
        }
    }

    private static void Set(RgbImage image, int x, int y, int rgb)
    {
        int at = 3 * ((y * image.Width) + x);
        (image.Pixels[at], image.Pixels[at + 1], image.Pixels[at + 2]) = ((byte)(rgb >> 16), (byte)(rgb >> 8), (byte)rgb);
    }
}
