namespace Interp.Cli.Charts;

/// <summary>Where the marks of a chart of points lie.</summary>
internal sealed class ScatterLayout
{
    private const double Width = ChartFrame.Width, Margin = ChartFrame.Margin;
    private const double PlotHeight = 340, WidestName = 180, LegendRow = 20, Radius = 4;

    private readonly ScatterChart _chart;
    private readonly List<Mark> _marks = [];
    private readonly ValueAxis _across, _up;
    private readonly double _left, _right, _top, _bottom;

    private ScatterLayout(ScatterChart chart)
    {
        _chart = chart;
        _top = ChartFrame.Heading(_marks, chart.Title, chart.Remarks) + 12;
        _bottom = _top + Math.Max(PlotHeight, LegendRow * (chart.All.Count + 1));
        ScatterPoint[] points = [.. chart.All.SelectMany(g => g.Points)];
        _up = ValueAxis.Of([0, .. points.Select(p => p.Y)], _bottom, _top, 6);
        _left = Margin + 30 + _up.Ticks.Max(t => Glyphs.Width(_up.Text(t), Chart.SmallSize));
        double names = chart.All.Select(g => Glyphs.Width(g.Name, Chart.LabelSize)).DefaultIfEmpty(0).Max();
        _right = Width - Margin - 34 - Math.Min(WidestName, names);
        _across = ValueAxis.Of([0, .. points.Select(p => p.X)], _left, _right, 8);
    }

    public static Chart Of(ScatterChart chart) => new ScatterLayout(chart).Draw();

    private Chart Draw()
    {
        DrawAxes();
        DrawDiagonal();
        Paint[] paints = ChartColors.Of([.. _chart.All.Select(g => g.Name)]);
        for (int g = 0; g < paints.Length; g++)
        {
            ScatterGroup group = _chart.All[g];
            foreach (ScatterPoint point in group.Points.Where(p => double.IsFinite(p.X) && double.IsFinite(p.Y)))
            {
                _marks.Add(new GroupMark(
                    $"{group.Name}, {point.Words}: {ChartFrame.Number(point.X)}, {ChartFrame.Number(point.Y)}",
                    [new DotMark(_across.Place(point.X), _up.Place(point.Y), Radius, paints[g] with { Opacity = 0.75 })]));
            }

            double y = _top + 12 + (LegendRow * g);
            _marks.Add(new DotMark(_right + 22, y - 4, Radius, paints[g]));
            _marks.Add(new TextMark(_right + 34, y, Glyphs.Cut(group.Name, Chart.LabelSize, WidestName), Paint.Ink, Chart.LabelSize));
        }

        _marks.Add(new TextMark((_left + _right) / 2, _bottom + 36, _chart.XTitle, Paint.Soft, Chart.LabelSize, 0.5));
        return new Chart(_chart.Title, Width, _bottom + 48, _marks);
    }

    private void DrawAxes()
    {
        foreach (double tick in _up.Ticks)
        {
            double y = _up.Place(tick);
            _marks.Add(new LineMark([(_left, y), (_right, y)], Paint.Faint));
            _marks.Add(new TextMark(_left - 6, y + 4, _up.Text(tick), Paint.Soft, Chart.SmallSize, 1));
        }

        foreach (double tick in _across.Ticks)
        {
            double x = _across.Place(tick);
            _marks.Add(new LineMark([(x, _top), (x, _bottom)], Paint.Faint));
            _marks.Add(new TextMark(x, _bottom + 16, _across.Text(tick), Paint.Soft, Chart.SmallSize, 0.5));
        }

        _marks.Add(new LineMark([(_left, _up.Place(0)), (_right, _up.Place(0))], Paint.Soft));
        _marks.Add(new LineMark([(_across.Place(0), _top), (_across.Place(0), _bottom)], Paint.Soft));
        _marks.Add(new TextMark(Margin + 10, (_top + _bottom) / 2, _chart.YTitle, Paint.Soft, Chart.LabelSize, 0.5, IsUpright: true));
    }

    /// <summary>The part of y = x that lies in the plot.</summary>
    private void DrawDiagonal()
    {
        double from = Math.Max(_across.Low, _up.Low), to = Math.Min(_across.High, _up.High);
        if (_chart.Diagonal is { } label && from < to)
        {
            _marks.Add(new GroupMark(label, [
                new LineMark([(_across.Place(from), _up.Place(from)), (_across.Place(to), _up.Place(to))], Paint.Ink, 1.5, IsDashed: true),
                ChartFrame.Label(_across.Place(to), _up.Place(to) - 5, label, Paint.Ink, _left, _right)]));
        }
    }
}
