using Interp.Cli.Charts;
using Interp.Cli.Output;
using Interp.Engine.Imaging;

namespace Interp.Cli.Visualization;

/// <summary>The images of a strip in a row, with their numbers below.</summary>
internal static class StripImage
{
    private const int LargestSide = 168, Gap = 8;
    private const double TextSize = 11, LineHeight = 15;

    internal static RgbImage Draw(IReadOnlyList<RgbImage> images, IReadOnlyList<StripCell> cells, string layer)
    {
        RgbImage[] tiles = [.. images.Select(Tile)];
        string[][] captions = [.. cells.Select(c => Caption(c, layer))];
        int height = tiles.Max(t => t.Height), lines = captions.Max(c => c.Length), step = tiles.Max(t => t.Width) + Gap;
        int text = (int)((lines * LineHeight) + Gap), width = Gap + (step * tiles.Length);
        IEnumerable<Mark> marks = captions.SelectMany((lines, i) => lines.Select((line, n) => new TextMark(
            Gap + (i * step), Gap + height + ((n + 1) * LineHeight), Glyphs.Cut(line, TextSize, step - Gap), Paint.Ink, TextSize)));
        RgbImage sheet = Raster.Draw(width, Gap + height + text, marks, 1);
        for (int i = 0; i < tiles.Length; i++)
        {
            sheet.Put(tiles[i], Gap + (i * step), Gap);
        }

        return sheet;
    }

    private static string[] Caption(StripCell cell, string layer) =>
    [
        cell.Words,
        $"{Readable.Percent(cell.Probability)}{(cell.NoiseProbability is { } n ? $" (noise {Readable.Percent(n)})" : "")}",
        $"top: {TargetWords.Short(cell.Top.Label)}",
        FormattableString.Invariant($"SSIM {cell.Ssim:0.000}, L2 {cell.L2:0.0}"),
        .. cell.Unit is { } u ? (string[])[$"{layer}:{u.Channel}", FormattableString.Invariant($"{u.Before:0.00} → {u.After:0.00}")] : [],
    ];

    private static RgbImage Tile(RgbImage image)
    {
        double scale = Math.Min(1, (double)LargestSide / Math.Max(image.Width, image.Height));
        return scale == 1 ? image : Resampling.Resize(
            image, Math.Max(1, (int)Math.Round(image.Width * scale)), Math.Max(1, (int)Math.Round(image.Height * scale)));
    }
}
