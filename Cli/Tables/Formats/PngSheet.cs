using Interp.Cli.Charts;
using Interp.Cli.Output;
using Interp.Cli.Tables.Reading;
using Interp.Engine.Common;
using Interp.Engine.Imaging;

namespace Interp.Cli.Tables.Formats;

/// <summary>The table as one image for a paper: images at one size, names and numbers in the letters of the charts; on any machine the same
/// bytes. Numbers are never cut.</summary>
internal sealed class PngSheet() : TableFormat("png")
{
    private const double TextSize = 13, LineHeight = 17, TitleSize = 19, WidestText = 200;
    private const int Margin = 16, Gap = 10, LongestText = 300;
    private const long MostPixels = 120_000_000;

    /// <summary>Width and height of an image whose longer side has a length; a smaller image is enlarged.</summary>
    internal static (int Width, int Height) Fitted((int Width, int Height) size, int side)
    {
        double scale = (double)side / Math.Max(1, Math.Max(size.Width, size.Height));
        return (Math.Clamp((int)Math.Round(size.Width * scale), 1, side), Math.Clamp((int)Math.Round(size.Height * scale), 1, side));
    }

    /// <inheritdoc/>
    internal override void Write(Stream stream, ResultTable table, TablePlace place) =>
        ImageFile.WritePng(stream, Draw(table, place.Side, place.Note));

    private static RgbImage Draw(ResultTable table, int side, Action<string> note)
    {
        int heads = table.RowTitles.Count, count = heads + table.Columns.Count;
        string[] titles = [.. table.RowTitles.Concat(table.Columns.Select(c => c.Title)).Select(Short)];
        Block[][][] rows = [.. table.Rows.Select(r => (Block[][])[
            .. r.Heads.Select(h => (Block[])[new Block(Short(h), null)]), .. r.Cells.Select((c, i) => Blocks(table, c).ToArray())])];
        double[] widths = [.. Enumerable.Range(0, count).Select(i => Math.Max(
            Math.Min(WidestText, Glyphs.Width(titles[i], TextSize)),
            rows.SelectMany(r => r[i]).Select(b => b.WidthIn(side)).DefaultIfEmpty(0).Max()))];
        bool isTiled = titles.All(t => t.Length == 0);
        widths = isTiled ? [.. widths.Select(_ => widths.Max())] : widths;
        double width = (2 * Margin) + widths.Sum() + (Gap * Math.Max(0, count - 1));
        width = Math.Max(width, Math.Min(600, (2 * Margin) + Glyphs.Width(table.Title, TitleSize)));
        string[][] lines = [.. titles.Select((t, i) => ChartFrame.Wrapped(t, TextSize, widths[i] + 0.5).ToArray())];
        double top = Margin + TitleSize + 12, body = top + (isTiled ? 0 : (lines.Max(l => l.Length) * LineHeight) + 10);
        double[] heights = [
            .. rows.Select(r => Gap + r.Select((c, i) => c.Sum(b => b.HeightIn(side, widths[i]))).DefaultIfEmpty(0).Max())];
        double height = body + heights.Sum() + Margin + LineHeight;
        if (width * height > MostPixels)
        {
            throw new InputException($"the sheet would have {width:0} by {height:0} pixels: expected at most {MostPixels} in all; "
                + "choose with --where or --count, or a smaller --side");
        }

        var marks = new List<Mark>
        {
            new TextMark(Margin, Margin + TitleSize - 4, Glyphs.Cut(table.Title, TitleSize, width - (2 * Margin)), Paint.Ink, TitleSize),
            new LineMark([(Margin, body - 3), (width - Margin, body - 3)], Paint.Soft),
        };
        var images = new List<(Block Block, double X, double Y)>();
        for (int i = 0; i < count; i++)
        {
            double left = Left(i), bottom = body - 12;
            for (int l = 0; l < lines[i].Length; l++)
            {
                marks.Add(new TextMark(
                    left, bottom - ((lines[i].Length - 1 - l) * LineHeight), lines[i][l], Paint.Soft, TextSize));
            }
        }

        double y = body;
        for (int r = 0; r < rows.Length; r++)
        {
            for (int i = 0; i < count; i++)
            {
                double at = y + (Gap / 2.0);
                foreach (Block block in rows[r][i])
                {
                    block.Place(Left(i), at, widths[i], marks, images);
                    at += block.HeightIn(side, widths[i]);
                }
            }

            y += heights[r];
            marks.Add(new LineMark([(Margin, y), (width - Margin, y)], Paint.Faint));
        }

        marks.Add(new TextMark(Margin, y + LineHeight + 2, Glyphs.Cut(Short(table.Made), 10, width - (2 * Margin)), Paint.Soft, 10));
        RgbImage sheet = Raster.Draw(width, height, marks, 1);
        foreach ((Block block, double x, double at) in images)
        {
            Paste(sheet, block, (int)Math.Round(x), (int)Math.Round(at), side, note);
        }

        return sheet;

        double Left(int column) => Margin + widths.Take(column).Sum() + (Gap * column);
    }

    private static IEnumerable<Block> Blocks(ResultTable table, IReadOnlyList<CellContent> cell)
    {
        int values = cell.Count(c => c.Value is not null);
        foreach (CellContent content in cell.Where(c => c.IsThere).OrderBy(c => c.Image is null))
        {
            yield return content.Image is { } image ? new Block("", image)
                : new Block((values > 1 && content.Entry is not null ? $"{content.Spec.Title}: " : "") + Short(table.Text(content)), null)
                {
                    Number = content.Value!.Value.IsNumber ? table.Text(content) : null,
                };
        }
    }

    private static string Short(string text) => text.Length <= LongestText ? text : $"{text[..LongestText]}…";

    private static void Paste(RgbImage sheet, Block block, int left, int top, int side, Action<string> note)
    {
        try
        {
            if (block.Image!.Png() is { } png)
            {
                RgbImage image = ImageFile.Decode(png, Readable.Path(block.Image.Path));
                (int width, int height) = Fitted((image.Width, image.Height), side);
                sheet.Put(Resampling.Resize(image, width, height), left, top);
            }
        }
        catch (InputException e)
        {
            note($"{e.Message}; its place in the sheet is empty");
        }
    }

    /// <summary>A text or an image in a cell.</summary>
    private sealed record Block(string Text, ResultFile? Image)
    {
        private readonly (int Width, int Height) _size = Image?.Png() is { } png ? PngChunks.SizeOf(png) : (1, 1);

        /// <summary>A number in the text, which must not be broken.</summary>
        public string? Number { get; init; }

        internal double WidthIn(int side) => Image is not null ? Fitted(_size, side).Width
            : Math.Max(Math.Min(Glyphs.Width(Text, TextSize), WidestText), Number is null ? 0 : Glyphs.Width(Number, TextSize) + 1);

        internal double HeightIn(int side, double width) => Image is not null ? Fitted(_size, side).Height + 4
            : LineHeight * ChartFrame.Wrapped(Text, TextSize, width + 0.5).Count();

        internal void Place(double x, double y, double width, List<Mark> marks, List<(Block, double, double)> images)
        {
            if (Image is not null)
            {
                images.Add((this, x, y));
                return;
            }

            foreach (string line in ChartFrame.Wrapped(Text, TextSize, width + 0.5))
            {
                marks.Add(new TextMark(x, y + LineHeight - 5, line, Paint.Ink, TextSize));
                y += LineHeight;
            }
        }
    }
}
