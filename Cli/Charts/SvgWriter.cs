using System.Globalization;
using System.Net;
using System.Text;

namespace Interp.Cli.Charts;

/// <summary>
/// Marks as SVG. It names nothing outside itself, has no script and no style, only attributes, so that any page's policy lets it in; in a
/// page it has no ground and takes the page's text colour. What a bar or a point says stands in its title, as a tooltip and for screen
/// readers.
/// </summary>
internal static class SvgWriter
{
    private const string Fonts = "DejaVu Sans, Verdana, Arial, sans-serif";

    /// <summary>The text of a file, or what a page takes in.</summary>
    public static string Write(string title, double width, double height, IEnumerable<Mark> marks, bool inPage)
    {
        var text = new StringBuilder();
        string size = inPage ? "" : $" width=\"{Number(width)}\" height=\"{Number(height)}\"";
        text.Append($"<svg xmlns=\"http://www.w3.org/2000/svg\"{size} viewBox=\"0 0 {Number(width)} {Number(height)}\" role=\"img\"")
            .Append($" aria-label=\"{Escaped(title)}\" font-family=\"{Fonts}\">\n");
        if (!inPage)
        {
            text.Append("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
        }

        foreach (Mark mark in marks)
        {
            Write(text, mark, inPage);
        }

        return text.Append("</svg>\n").ToString();
    }

    private static void Write(StringBuilder text, Mark mark, bool inPage)
    {
        switch (mark)
        {
            case GroupMark group:
                text.Append("<g><title>").Append(Escaped(group.Words)).Append("</title>\n");
                foreach (Mark inner in group.Marks)
                {
                    Write(text, inner, inPage);
                }

                text.Append("</g>\n");
                break;
            case BoxMark b:
                text.Append($"<rect x=\"{Number(b.X)}\" y=\"{Number(b.Y)}\" width=\"{Number(b.Width)}\" height=\"{Number(b.Height)}\"")
                    .Append(Fill(b.Paint, "fill", inPage)).Append("/>\n");
                break;
            case DotMark d:
                text.Append($"<circle cx=\"{Number(d.X)}\" cy=\"{Number(d.Y)}\" r=\"{Number(d.Radius)}\"")
                    .Append(Fill(d.Paint, "fill", inPage)).Append("/>\n");
                break;
            case AreaMark a:
                text.Append($"<polygon points=\"{Points(a.Points)}\"{Fill(a.Paint, "fill", inPage)}/>\n");
                break;
            case LineMark l:
                text.Append($"<polyline points=\"{Points(l.Points)}\" fill=\"none\"{Fill(l.Paint, "stroke", inPage)}")
                    .Append($" stroke-width=\"{Number(l.Width)}\"")
                    .Append(l.IsDashed ? $" stroke-dasharray=\"{Raster.Dash} {Raster.Dash}\"/>\n" : "/>\n");
                break;
            case TextMark t:
                string anchor = t.Anchor switch { 0 => "", 1 => " text-anchor=\"end\"", _ => " text-anchor=\"middle\"" };
                string turn = t.IsUpright ? $" transform=\"rotate(-90 {Number(t.X)} {Number(t.Y)})\"" : "";
                text.Append($"<text x=\"{Number(t.X)}\" y=\"{Number(t.Y)}\" font-size=\"{Number(t.Size)}\"").Append(anchor).Append(turn)
                    .Append(Fill(t.Paint, "fill", inPage)).Append('>').Append(Escaped(t.Text)).Append("</text>\n");
                break;
        }
    }

    private static string Fill(Paint paint, string what, bool inPage)
    {
        string color = inPage && paint.IsInk ? "currentColor" : $"#{paint.Rgb:x6}";
        return $" {what}=\"{color}\"" + (paint.Opacity < 1 ? $" {what}-opacity=\"{Number(paint.Opacity)}\"" : "");
    }

    private static string Points(IEnumerable<(double X, double Y)> points) =>
        string.Join(' ', points.Select(p => $"{Number(p.X)},{Number(p.Y)}"));

    private static string Number(double value) => (Math.Round(value, 2) + 0.0).ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>Text for XML, with a replacement character for what XML has no place for.</summary>
    private static string Escaped(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            clean.Append(Rune.IsControl(rune) || rune.Value is 0xFFFE or 0xFFFF ? Rune.ReplacementChar.ToString() : rune.ToString());
        }

        return WebUtility.HtmlEncode(clean.ToString());
    }
}
