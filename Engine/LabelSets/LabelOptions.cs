namespace Interp.Engine.LabelSets;

/// <summary>How labels are read where files leave a choice.</summary>
public sealed record LabelOptions
{
    /// <summary>Which pixels an outline takes.</summary>
    public PolygonRule Polygons { get; init; } = PolygonRule.Edge;
}
