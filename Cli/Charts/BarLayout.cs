namespace Interp.Cli.Charts;

/// <summary>Where the marks of a chart of bars lie.</summary>
internal sealed class BarLayout
{
    private const double Width = ChartFrame.Width, Margin = ChartFrame.Margin;
    private const double Row = 18, Thickness = 12, GroupRow = 26, WidestLabel = 260, ValueRoom = 84;

    private readonly BarChart _chart;
    private readonly List<Mark> _marks = [];
    private readonly ValueAxis _axis;
    private readonly double _left, _top;

    private BarLayout(BarChart chart)
    {
        _chart = chart;
        _left = Margin + 8 + chart.All.Select(b => Math.Min(WidestLabel, Glyphs.Width(b.Label, Chart.LabelSize))).DefaultIfEmpty(0).Max();
        _axis = ValueAxis.Of(
            [
                .. chart.All.SelectMany(b => new[] { b.Value, b.Interval?.Low, b.Interval?.High, b.Chance, b.Dot }.OfType<double>()),
                .. chart.Shown,
                .. chart.Reference?.Shown ?? [],
            ],
            _left,
            Width - ValueRoom,
            8);
        _top = ChartFrame.Heading(_marks, chart.Title, chart.Remarks) + (chart.Reference is null ? 20 : 34);
    }

    public static Chart Of(BarChart chart) => new BarLayout(chart).Draw();

    private Chart Draw()
    {
        string[] groups = [.. _chart.All.Select(b => b.Group).Distinct()];
        bool isGrouped = groups.Length > 1 || groups.Any(g => g.Length > 0);
        double bottom = _top + (Row * _chart.All.Count) + (isGrouped ? GroupRow * Runs() : 0) + 4;
        DrawGrid(bottom);
        Paint[] colors = ChartColors.Of(groups);
        (double y, string? before) = (_top, null);
        foreach (Bar bar in _chart.All)
        {
            if (isGrouped && bar.Group != before)
            {
                string words = Glyphs.Cut(bar.Group, Chart.LabelSize, Width - (2 * Margin));
                _marks.Add(new TextMark(Margin, y + GroupRow - 8, words, Paint.Soft, Chart.LabelSize));
                (y, before) = (y + GroupRow, bar.Group);
            }

            DrawBar(bar, y, colors[Array.IndexOf(groups, bar.Group)]);
            y += Row;
        }

        double zero = _axis.Place(0);
        _marks.Add(new LineMark([(zero, _top), (zero, bottom)], Paint.Soft));
        DrawReference(bottom);
        _marks.Add(new TextMark((_left + Width - ValueRoom) / 2, bottom + 34, _chart.ValueTitle, Paint.Soft, Chart.LabelSize, 0.5));
        return new Chart(_chart.Title, Width, bottom + 46, _marks);
    }

    private int Runs() => _chart.All.Where((b, i) => i == 0 || b.Group != _chart.All[i - 1].Group).Count();

    private void DrawGrid(double bottom)
    {
        if (_chart.Reference is { Band: (double low, double high) })
        {
            double from = _axis.Place(low);
            _marks.Add(new BoxMark(from, _top, _axis.Place(high) - from, bottom - _top, Paint.Band));
        }

        foreach (double tick in _axis.Ticks)
        {
            double x = _axis.Place(tick);
            _marks.Add(new LineMark([(x, _top), (x, bottom)], Paint.Faint));
            _marks.Add(new TextMark(x, _top - 6, _axis.Text(tick), Paint.Soft, Chart.SmallSize, 0.5));
            _marks.Add(new TextMark(x, bottom + 15, _axis.Text(tick), Paint.Soft, Chart.SmallSize, 0.5));
        }
    }

    private void DrawReference(double bottom)
    {
        if (_chart.Reference is { } line)
        {
            double x = _axis.Place(line.Value);
            string band = line.Band is (double least, double most) ? $", {ChartFrame.Number(least)} to {ChartFrame.Number(most)}" : "";
            _marks.Add(new GroupMark($"{line.Label}: {ChartFrame.Number(line.Value)}{band}", [
                new LineMark([(x, _top - 18), (x, bottom)], Paint.Ink, 1.5, IsDashed: true),
                ChartFrame.Label(x, _top - 22, line.Label, Paint.Ink, Margin, Width - Margin)]));
        }
    }

    private void DrawBar(Bar bar, double y, Paint color)
    {
        double middle = y + (Row / 2), zero = _axis.Place(0);
        var marks = new List<Mark>
        {
            new TextMark(_left - 8, middle + 4, Glyphs.Cut(bar.Label, Chart.LabelSize, WidestLabel), Paint.Ink, Chart.LabelSize, 1),
        };
        string value = double.IsFinite(bar.Value) ? bar.Text ?? ChartFrame.Number(bar.Value) : "–";
        double end = zero;
        if (double.IsFinite(bar.Value))
        {
            double x = _axis.Place(bar.Value);
            Paint paint = bar.IsGrey ? Paint.Grey : color;
            marks.Add(new BoxMark(Math.Min(zero, x), middle - (Thickness / 2), Math.Abs(x - zero), Thickness, paint));
            end = Math.Max(zero, x);
        }

        string words = $"{(bar.Group.Length > 0 ? $"{bar.Group}, " : "")}{bar.Label}: {value}{bar.Stars}";
        if (bar.Interval is (double low, double high))
        {
            (double from, double to) = (_axis.Place(low), _axis.Place(high));
            marks.Add(new LineMark([(from, middle), (to, middle)], Paint.Ink));
            marks.Add(new LineMark([(from, middle - 3), (from, middle + 3)], Paint.Ink));
            marks.Add(new LineMark([(to, middle - 3), (to, middle + 3)], Paint.Ink));
            end = Math.Max(end, to);
            words += $", {ChartFrame.Number(low)} to {ChartFrame.Number(high)}";
        }

        if (bar.Chance is { } chance)
        {
            double x = _axis.Place(chance);
            marks.Add(new LineMark([(x, middle - (Row / 2) + 1), (x, middle + (Row / 2) - 1)], Paint.Ink, 1.5));
            end = Math.Max(end, x);
            words += $", chance {ChartFrame.Number(chance)}";
        }

        if (bar.Dot is { } dot && double.IsFinite(dot))
        {
            double x = _axis.Place(dot);
            marks.Add(new DotMark(x, middle, 3.5, Paint.Ink));
            end = Math.Max(end, x + 2);
            words += $", {_chart.DotName} {ChartFrame.Number(dot)}";
        }

        words += bar.IsGrey ? ", not significant" : "";
        marks.Add(new TextMark(end + 6, middle + 4, bar.Stars.Length > 0 ? $"{value} {bar.Stars}" : value, Paint.Soft, Chart.SmallSize));
        _marks.Add(new GroupMark(words, marks));
    }
}
