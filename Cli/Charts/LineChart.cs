namespace Interp.Cli.Charts;

/// <summary>A series of values.</summary>
/// <param name="Name">What stands in the legend.</param>
/// <param name="Values">A value for each place; NaN where there is none, which leaves a gap.</param>
internal sealed record Series(string Name, IReadOnlyList<double> Values)
{
    /// <summary>An interval for each value, drawn as a band; null for none.</summary>
    public IReadOnlyList<(double Low, double High)>? Intervals { get; init; }

    /// <summary>Its colour; null for that of the category that it is named after, or else the next of the palette.</summary>
    public Paint? Paint { get; init; }

    /// <summary>Whether it is drawn dashed: what chance gives, or a rival.</summary>
    public bool IsDashed { get; init; }
}

/// <summary>Lines over the same places.</summary>
/// <param name="Title">The title.</param>
/// <param name="PlaceTitle">What the places are.</param>
/// <param name="ValueTitle">What the values are, with their unit.</param>
/// <param name="Places">The places from the left to the right, at equal distances.</param>
/// <param name="All">The series, each with a value for every place.</param>
internal sealed record LineChart(
    string Title, string PlaceTitle, string ValueTitle, IReadOnlyList<string> Places, IReadOnlyList<Series> All)
{
    /// <summary>Remarks below the title, one a line.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>A line across at one value.</summary>
    public ReferenceLine? Reference { get; init; }

    /// <summary>Values that the axis must show beside those of the series.</summary>
    public IReadOnlyList<double> Shown { get; init; } = [0];
}
