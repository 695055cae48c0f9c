namespace Interp.Cli.Charts;

/// <summary>Where the marks of a chart of lines lie.</summary>
internal sealed class LineLayout
{
    private const double Width = ChartFrame.Width, Margin = ChartFrame.Margin;
    private const double PlotHeight = 300, WidestName = 180, LongestPlace = 130, LegendRow = 20;

    private readonly LineChart _chart;
    private readonly List<Mark> _marks = [];
    private readonly ValueAxis _axis;
    private readonly double _left, _right, _top, _bottom;

    private LineLayout(LineChart chart)
    {
        _chart = chart;
        int count = chart.Places.Count;
        if (chart.All.Any(s => s.Values.Count != count || (s.Intervals is { } all && all.Count != count)))
        {
            throw new ArgumentException("each series must have a value, and an interval or none, for every place", nameof(chart));
        }

        _top = ChartFrame.Heading(_marks, chart.Title, chart.Remarks) + 12;
        _bottom = _top + Math.Max(PlotHeight, LegendRow * (chart.All.Count + 1));
        _axis = ValueAxis.Of(
            [
                .. chart.All.SelectMany(s => s.Values),
                .. chart.All.SelectMany(s => s.Intervals ?? []).SelectMany(i => new[] { i.Low, i.High }),
                .. chart.Shown,
                .. chart.Reference?.Shown ?? [],
            ],
            _bottom,
            _top,
            6);
        _left = Margin + 30 + _axis.Ticks.Max(t => Glyphs.Width(_axis.Text(t), Chart.SmallSize));
        double names = chart.All.Select(s => Glyphs.Width(s.Name, Chart.LabelSize)).DefaultIfEmpty(0).Max();
        _right = Width - Margin - 34 - Math.Min(WidestName, names);
    }

    public static Chart Of(LineChart chart) => new LineLayout(chart).Draw();

    private Chart Draw()
    {
        DrawValueAxis();
        double below = DrawPlaces();
        Paint[] colors = ChartColors.Of([.. _chart.All.Where(s => s.Paint is null).Select(s => s.Name)]);
        int next = 0;
        Paint[] paints = [.. _chart.All.Select(s => s.Paint ?? colors[next++])];
        foreach ((Series series, Paint paint) in _chart.All.Zip(paints))
        {
            DrawBands(series, paint with { Opacity = 0.15 });
        }

        for (int i = 0; i < paints.Length; i++)
        {
            DrawSeries(_chart.All[i], paints[i]);
            double y = _top + 12 + (LegendRow * i);
            _marks.Add(new LineMark([(_right + 12, y - 4), (_right + 28, y - 4)], paints[i], 2, _chart.All[i].IsDashed));
            string name = Glyphs.Cut(_chart.All[i].Name, Chart.LabelSize, WidestName);
            _marks.Add(new TextMark(_right + 34, y, name, Paint.Ink, Chart.LabelSize));
        }

        _marks.Add(new TextMark((_left + _right) / 2, below + 20, _chart.PlaceTitle, Paint.Soft, Chart.LabelSize, 0.5));
        return new Chart(_chart.Title, Width, below + 32, _marks);
    }

    private void DrawValueAxis()
    {
        if (_chart.Reference is { Band: (double low, double high) })
        {
            double y = _axis.Place(high);
            _marks.Add(new BoxMark(_left, y, _right - _left, _axis.Place(low) - y, Paint.Band));
        }

        foreach (double tick in _axis.Ticks)
        {
            double y = _axis.Place(tick);
            _marks.Add(new LineMark([(_left, y), (_right, y)], Paint.Faint));
            _marks.Add(new TextMark(_left - 6, y + 4, _axis.Text(tick), Paint.Soft, Chart.SmallSize, 1));
        }

        _marks.Add(new TextMark(Margin + 10, (_top + _bottom) / 2, _chart.ValueTitle, Paint.Soft, Chart.LabelSize, 0.5, IsUpright: true));
        if (_chart.Reference is { } line)
        {
            double y = _axis.Place(line.Value);
            _marks.Add(new GroupMark($"{line.Label}: {ChartFrame.Number(line.Value)}", [
                new LineMark([(_left, y), (_right, y)], Paint.Ink, 1.5, IsDashed: true),
                new TextMark(_right - 4, y - 5, line.Label, Paint.Ink, Chart.SmallSize, 1)]));
        }
    }

    /// <summary>The places' names, upright where they would touch one another otherwise.</summary>
    private double DrawPlaces()
    {
        double[] widths = [.. _chart.Places.Select(p => Glyphs.Width(p, Chart.SmallSize))];
        double widest = widths.DefaultIfEmpty(0).Max(), step = (_right - _left) / Math.Max(1, _chart.Places.Count);
        bool isUpright = widest + 8 > step;
        int every = isUpright ? (int)Math.Ceiling(14 / step) : 1; // of very many places only some have their names
        for (int i = 0; i < widths.Length; i += every)
        {
            string name = Glyphs.Cut(_chart.Places[i], Chart.SmallSize, LongestPlace);
            _marks.Add(isUpright
                ? new TextMark(X(i) + 4, _bottom + 8, name, Paint.Soft, Chart.SmallSize, 1, IsUpright: true)
                : new TextMark(X(i), _bottom + 16, name, Paint.Soft, Chart.SmallSize, 0.5));
        }

        return _bottom + (isUpright ? 8 + Math.Min(widest, LongestPlace) : 16);
    }

    private void DrawBands(Series series, Paint paint)
    {
        foreach (int[] run in Runs(series))
        {
            if (series.Intervals is { } all && run.Length > 1)
            {
                _marks.Add(new AreaMark(
                    [
                        .. run.Select(i => (X(i), _axis.Place(all[i].High))),
                        .. run.Reverse().Select(i => (X(i), _axis.Place(all[i].Low))),
                    ],
                    paint));
            }
        }
    }

    private void DrawSeries(Series series, Paint paint)
    {
        foreach (int[] run in Runs(series))
        {
            _marks.Add(new LineMark([.. run.Select(i => (X(i), _axis.Place(series.Values[i])))], paint, 2, series.IsDashed));
            foreach (int i in run)
            {
                var point = new List<Mark> { new DotMark(X(i), _axis.Place(series.Values[i]), 3, paint) };
                string words = $"{series.Name}, {_chart.Places[i]}: {ChartFrame.Number(series.Values[i])}";
                if (series.Intervals is { } all)
                {
                    (double low, double high) = all[i];
                    point.Add(new LineMark([(X(i), _axis.Place(low)), (X(i), _axis.Place(high))], paint));
                    words += $", {ChartFrame.Number(low)} to {ChartFrame.Number(high)}";
                }

                _marks.Add(new GroupMark(words, point));
            }
        }
    }

    /// <summary>The places of a series' values, cut where there is none.</summary>
    private static IEnumerable<int[]> Runs(Series series)
    {
        var run = new List<int>();
        for (int i = 0; i <= series.Values.Count; i++)
        {
            if (i < series.Values.Count && double.IsFinite(series.Values[i]))
            {
                run.Add(i);
            }
            else if (run.Count > 0)
            {
                yield return [.. run];
                run.Clear();
            }
        }
    }

    private double X(int place) => _left + ((_right - _left) * (place + 0.5) / _chart.Places.Count);
}
