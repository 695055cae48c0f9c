using System.Globalization;

namespace Interp.Cli.Charts;

/// <summary>
/// The outlines of letters, so that a chart looks the same on every machine: those of DejaVu Sans, by <c>scripts/make_glyphs.py</c>. A
/// letter that is not among them is drawn as a box.
/// </summary>
internal static class Glyphs
{
    private const double UnitsPerEm = 2048;
    private const int Steps = 4;
    private static readonly Lazy<Dictionary<int, (double Advance, (double X, double Y)[][] Contours)>> s_all = new(Read);

    /// <summary>How wide a line of text is, in pixels.</summary>
    public static double Width(string text, double size) => text.EnumerateRunes().Sum(r => Of(r.Value).Advance) * size / UnitsPerEm;

    /// <summary>A text that is cut to a width, with an ellipsis in the place of its end.</summary>
    public static string Cut(string text, double size, double width)
    {
        if (Width(text, size) <= width)
        {
            return text;
        }

        int length = text.Length;
        while (length > 0 && (char.IsHighSurrogate(text[length - 1]) || Width(text[..length] + "…", size) > width))
        {
            length--;
        }

        return text[..length].TrimEnd() + "…";
    }

    /// <summary>The contours of a line of text that begins at 0 on a base line of 0, in pixels, y downwards.</summary>
    public static IEnumerable<(double X, double Y)[][]> Outlines(string text, double size)
    {
        double at = 0, scale = size / UnitsPerEm;
        foreach (System.Text.Rune rune in text.EnumerateRunes())
        {
            (double advance, (double X, double Y)[][] contours) = Of(rune.Value);
            yield return [.. contours.Select(c => c.Select(p => (at + (p.X * scale), -p.Y * scale)).ToArray())];
            at += advance * scale;
        }
    }

    private static (double Advance, (double X, double Y)[][] Contours) Of(int code) =>
        s_all.Value.TryGetValue(code, out (double, (double, double)[][]) glyph) ? glyph : s_all.Value[0];

    private static Dictionary<int, (double Advance, (double X, double Y)[][] Contours)> Read()
    {
        using Stream stream = typeof(Glyphs).Assembly.GetManifestResourceStream("Charts/glyphs.txt")!;
        using var reader = new StreamReader(stream);
        var all = new Dictionary<int, (double, (double, double)[][])>();
        while (reader.ReadLine() is { } line)
        {
            string[] parts = line.Split('\t');
            all[int.Parse(parts[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture)] = (
                Number(parts[1]), [.. parts[2].Split(';', StringSplitOptions.RemoveEmptyEntries).Select(Contour)]);
        }

        return all;
    }

    /// <summary>A contour's straight pieces. Between two points off the curve lies one on it, half way (TrueType).</summary>
    private static (double X, double Y)[] Contour(string text)
    {
        (double X, double Y, bool On)[] points = [.. text.Split(' ').Select(p => (
            Number(p[..p.IndexOf(',', StringComparison.Ordinal)]), Number(p[(p.IndexOf(',', StringComparison.Ordinal) + 1)..].TrimEnd('*')),
            !p.EndsWith('*')))];
        var line = new List<(double X, double Y)>();
        for (int i = 0; i < points.Length; i++)
        {
            (double X, double Y, bool On) before = points[(i + points.Length - 1) % points.Length], after = points[(i + 1) % points.Length];
            (double x, double y, bool on) = points[i];
            if (on)
            {
                line.Add((x, y));
                continue;
            }

            (double ax, double ay) = before.On ? (before.X, before.Y) : ((before.X + x) / 2, (before.Y + y) / 2);
            (double bx, double by) = after.On ? (after.X, after.Y) : ((after.X + x) / 2, (after.Y + y) / 2);
            for (int s = before.On ? 1 : 0; s < Steps; s++)
            {
                double t = s / (double)Steps, u = 1 - t;
                line.Add(((u * u * ax) + (2 * t * u * x) + (t * t * bx), (u * u * ay) + (2 * t * u * y) + (t * t * by)));
            }
        }

        return [.. line];
    }

    private static double Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
