namespace Interp.Engine.LabelSets;

/// <summary>How labels are read where files leave a choice.</summary>
public sealed record LabelOptions
{
    /// <summary>Which pixels an outline takes.</summary>
    public PolygonRule Polygons { get; init; } = PolygonRule.Edge;

    /// <summary>The folder in which the images lie, where they are not in that of the labels; null if they are. It stands in the place of
    /// the layout's own folder of images, and what is in it goes before what is there. No files but images are read from it.</summary>
    public string? Images { get; init; }
}
