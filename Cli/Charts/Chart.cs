using Interp.Engine.Imaging;

namespace Interp.Cli.Charts;

/// <summary>
/// A chart: the same marks as SVG and as an image, on any machine the same bytes. No font of the system and no native library is needed.
/// </summary>
internal sealed class Chart
{
    /// <summary>Size of labels in pixels.</summary>
    internal const double LabelSize = 12;

    /// <summary>Size of remarks and of the numbers along an axis.</summary>
    internal const double SmallSize = 11;

    /// <summary>Size of the title.</summary>
    internal const double TitleSize = 16;

    private readonly string _title;
    private readonly IReadOnlyList<Mark> _marks;

    internal Chart(string title, double width, double height, IReadOnlyList<Mark> marks) =>
        (_title, Width, Height, _marks) = (title, width, height, marks);

    /// <summary>Width in pixels, at scale 1.</summary>
    public double Width { get; }

    /// <summary>Height in pixels, at scale 1.</summary>
    public double Height { get; }

    /// <summary>Bars in rows, each with its label, value and stars; those of a group below the group's name, in its colour.</summary>
    public static Chart Bars(BarChart chart) => BarLayout.Of(chart);

    /// <summary>Series of values over the same places, such as layers by depth, each with its intervals.</summary>
    public static Chart Lines(LineChart chart) => LineLayout.Of(chart);

    /// <summary>Points with an x and a y, such as estimates and what was measured.</summary>
    public static Chart Points(ScatterChart chart) => ScatterLayout.Of(chart);

    /// <summary>The chart as SVG.</summary>
    /// <param name="inPage">Whether a page takes it in: then it has the width that it is given there, no ground and the page's text colour.
    /// </param>
    public string Svg(bool inPage = false) => SvgWriter.Write(_title, Width, Height, _marks, inPage);

    /// <summary>The chart as an image on white.</summary>
    /// <param name="scale">Pixels of the image for one of the chart.</param>
    public RgbImage Png(double scale = 2) => Raster.Draw(Width, Height, _marks, scale);
}
