namespace Interp.Cli.Charts;

/// <summary>A point.</summary>
/// <param name="X">Its place along the horizontal axis.</param>
/// <param name="Y">Its place along the vertical one.</param>
/// <param name="Words">What it is.</param>
internal sealed record ScatterPoint(double X, double Y, string Words);

/// <summary>Points of one colour.</summary>
/// <param name="Name">What stands in the legend.</param>
/// <param name="Points">The points; those that are not finite are left out.</param>
internal sealed record ScatterGroup(string Name, IReadOnlyList<ScatterPoint> Points);

/// <summary>Points with an x and a y.</summary>
/// <param name="Title">The title.</param>
/// <param name="XTitle">What the horizontal axis is, with its unit.</param>
/// <param name="YTitle">What the vertical one is.</param>
/// <param name="All">The groups.</param>
internal sealed record ScatterChart(string Title, string XTitle, string YTitle, IReadOnlyList<ScatterGroup> All)
{
    /// <summary>Remarks below the title, one a line.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>What is written at the dashed line on which y = x; null for no line.</summary>
    public string? Diagonal { get; init; }
}
