using System.Globalization;

namespace Interp.Cli.Charts;

/// <summary>Where values lie along a side of a chart, with round numbers to read them by: steps of 1, 2 or 5 times a power of ten.
/// </summary>
internal sealed class ValueAxis
{
    private const int MostDecimals = 15;
    private readonly double _from, _to;
    private readonly int _decimals;

    private ValueAxis(double low, double high, double from, double to, IReadOnlyList<double> ticks, int decimals) =>
        (Low, High, _from, _to, Ticks, _decimals) = (low, high, from, to, ticks, decimals);

    /// <summary>The least value on the axis.</summary>
    public double Low { get; }

    /// <summary>The greatest.</summary>
    public double High { get; }

    /// <summary>The round numbers.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <summary>An axis that shows all of some values.</summary>
    /// <param name="values">What it must show; what is not finite is passed over.</param>
    /// <param name="from">Pixels of its lower end.</param>
    /// <param name="to">Pixels of its upper end.</param>
    /// <param name="steps">About how many round numbers there are.</param>
    public static ValueAxis Of(IEnumerable<double> values, double from, double to, int steps)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        double low = finite.DefaultIfEmpty(0).Min(), high = finite.DefaultIfEmpty(1).Max();
        high = high > low ? high : low + (low == 0 ? 1 : Math.Abs(low));
        (double step, int decimals) = Step((high - low) / steps);
        double first = Math.Floor((low / step) + 1e-9), last = Math.Ceiling((high / step) - 1e-9);
        double[] ticks = [.. Enumerable.Range(0, (int)(last - first) + 1).Select(i => (first + i) * step)];
        return new ValueAxis(ticks[0], ticks[^1], from, to, ticks, decimals);
    }

    /// <summary>Where a value lies, in pixels; beyond the ends at the end.</summary>
    public double Place(double value) => _from + ((_to - _from) * (Math.Clamp(value, Low, High) - Low) / (High - Low));

    /// <summary>A round number as it is written.</summary>
    public string Text(double tick)
    {
        string text = tick.ToString($"F{_decimals}", CultureInfo.InvariantCulture);
        return text.Trim('-', '0', '.').Length == 0 ? text.TrimStart('-') : text;
    }

    private static (double Step, int Decimals) Step(double least)
    {
        // By products and quotients of ten, which every machine rounds alike, not by logarithms.
        (double power, int decimals) = (1, 0);
        while (power > least && decimals < MostDecimals)
        {
            (power, decimals) = (power / 10, decimals + 1);
        }

        while (power * 10 <= least)
        {
            (power, decimals) = (power * 10, decimals - 1);
        }

        double factor = least <= power ? 1 : least <= 2 * power ? 2 : least <= 5 * power ? 5 : 10;
        return (factor * power, Math.Max(0, factor == 10 ? decimals - 1 : decimals));
    }
}
