namespace Interp.Cli.Charts;

/// <summary>A bar.</summary>
/// <param name="Label">What it is of.</param>
/// <param name="Value">How far it reaches from 0; NaN where there is no value.</param>
internal sealed record Bar(string Label, double Value)
{
    /// <summary>The bars that it stands with, such as its category; those of one group must follow one another.</summary>
    public string Group { get; init; } = "";

    /// <summary>What is drawn as a whisker over its end.</summary>
    public (double Low, double High)? Interval { get; init; }

    /// <summary>What chance gives for this one, drawn as a short line across it.</summary>
    public double? Chance { get; init; }

    /// <summary>What was measured beside the bar's estimate, drawn as a dot.</summary>
    public double? Dot { get; init; }

    /// <summary>Whether it is drawn grey, since it is not significant.</summary>
    public bool IsGrey { get; init; }

    /// <summary>What stands behind its value: stars for significance.</summary>
    public string Stars { get; init; } = "";

    /// <summary>Its value as it is written; null for three significant digits.</summary>
    public string? Text { get; init; }
}

/// <summary>A line across a chart at one value, with a band about it.</summary>
/// <param name="Value">The value.</param>
/// <param name="Label">What is written at it: <c>chance</c>.</param>
/// <param name="Band">The values between which the band lies.</param>
internal sealed record ReferenceLine(double Value, string Label, (double Low, double High)? Band = null)
{
    /// <summary>What an axis must show of it.</summary>
    public IEnumerable<double> Shown => [Value, .. Band is (double low, double high) ? [low, high] : Array.Empty<double>()];
}

/// <summary>Bars in rows.</summary>
/// <param name="Title">The title.</param>
/// <param name="ValueTitle">What the values are, with their unit.</param>
/// <param name="All">The bars from above to below.</param>
internal sealed record BarChart(string Title, string ValueTitle, IReadOnlyList<Bar> All)
{
    /// <summary>Remarks below the title, one a line: what grey, stars and lines mean.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>What the bars' dots are.</summary>
    public string DotName { get; init; } = "measured";

    /// <summary>A line across all bars.</summary>
    public ReferenceLine? Reference { get; init; }

    /// <summary>Values that the axis must show beside those of the bars, such as 0 and 1.</summary>
    public IReadOnlyList<double> Shown { get; init; } = [0];
}
