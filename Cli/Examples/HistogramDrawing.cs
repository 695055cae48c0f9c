using System.Globalization;
using System.Net;
using System.Text;
using Interp.Cli.Output;

namespace Interp.Cli.Examples;

/// <summary>A histogram as an image inside a page, which takes its colours from the page.</summary>
internal static class HistogramDrawing
{
    private const int Width = 640;
    private const int Height = 180;

    /// <param name="counts">Numbers of images in equal steps.</param>
    /// <param name="from">Where the first step begins.</param>
    /// <param name="to">Where the last one ends.</param>
    /// <param name="marks">Values to mark with a line, by name; those outside are left out.</param>
    internal static string Svg(IReadOnlyList<long> counts, double from, double to, params IReadOnlyList<(string Name, double Value)> marks)
    {
        double most = Math.Max(1, counts.Max()), step = (double)Width / counts.Count;
        string label = WebUtility.HtmlEncode(
            $"{counts.Sum()} images from {Readable.Number(from)} to {Readable.Number(to)}, at most {counts.Max()} in one step");
        var svg = new StringBuilder(
            $"<svg class=\"histogram\" viewBox=\"0 0 {Width} {Height}\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{label}\">");
        for (int i = 0; i < counts.Count; i++)
        {
            double height = counts[i] / most * Height;
            svg.Append(CultureInfo.InvariantCulture,
                $"<rect x=\"{i * step:0.##}\" y=\"{Height - height:0.##}\" width=\"{step - 1:0.##}\" "
                + $"height=\"{height:0.##}\"><title>{counts[i]}</title></rect>");
        }

        foreach ((string name, double value) in marks.Where(m => m.Value >= from && m.Value <= to && to > from))
        {
            double x = (value - from) / (to - from) * Width;
            svg.Append(CultureInfo.InvariantCulture,
                $"<line x1=\"{x:0.##}\" x2=\"{x:0.##}\" y1=\"0\" y2=\"{Height}\"><title>{name} {Readable.Number(value)}</title></line>");
        }

        return svg.Append("</svg>").ToString();
    }
}
