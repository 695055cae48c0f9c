using System.Globalization;

namespace Interp.Cli.Charts;

/// <summary>What all charts have: a title, remarks, numbers.</summary>
internal static class ChartFrame
{
    /// <summary>Width of a chart in pixels.</summary>
    public const double Width = 760;

    /// <summary>What stays free at its edges.</summary>
    public const double Margin = 14;

    /// <summary>Draws title and remarks.</summary>
    /// <returns>Where what is below them begins.</returns>
    public static double Heading(List<Mark> marks, string title, IReadOnlyList<string> remarks)
    {
        double y = Margin + Chart.TitleSize;
        marks.Add(new TextMark(Margin, y, Glyphs.Cut(title, Chart.TitleSize, Width - (2 * Margin)), Paint.Ink, Chart.TitleSize));
        foreach (string line in remarks.SelectMany(r => Wrapped(r, Chart.SmallSize, Width - (2 * Margin))))
        {
            y += 16;
            marks.Add(new TextMark(Margin, y, line, Paint.Soft, Chart.SmallSize));
        }

        return y + 6;
    }

    /// <summary>A text about a place, moved so that it stays between two others.</summary>
    public static TextMark Label(double x, double y, string text, Paint paint, double from, double to)
    {
        double half = Glyphs.Width(text, Chart.SmallSize) / 2;
        return new TextMark(Math.Max(from + half, Math.Min(x, to - half)), y, text, paint, Chart.SmallSize, 0.5);
    }

    /// <summary>A number with three significant digits.</summary>
    public static string Number(double value) => double.IsFinite(value) ? Math.Abs(value) switch
    {
        0 => "0",
        < 0.001 or >= 1e6 => value.ToString("0.##e+0", CultureInfo.InvariantCulture),
        < 0.1 => value.ToString("0.####", CultureInfo.InvariantCulture),
        < 10 => value.ToString("0.###", CultureInfo.InvariantCulture),
        < 100 => value.ToString("0.#", CultureInfo.InvariantCulture),
        _ => value.ToString("0", CultureInfo.InvariantCulture),
    }
    : "–";

    /// <summary>A text in lines of at most a width, broken at spaces; a word that is longer is cut.</summary>
    public static IEnumerable<string> Wrapped(string text, double size, double width)
    {
        string line = "";
        foreach (string word in text.Split(' '))
        {
            if (line.Length > 0 && Glyphs.Width($"{line} {word}", size) > width)
            {
                yield return line;
                line = "";
            }

            line = line.Length > 0 ? $"{line} {word}" : Glyphs.Cut(word, size, width);
        }

        yield return line;
    }
}
