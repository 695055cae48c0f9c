namespace Interp.Engine.LabelSets;

/// <summary>Which pixels an outline of vertices takes. No file says which rule its outlines were made for.</summary>
public enum PolygonRule
{
    /// <summary>COCO's own: coordinates count from the pixels' edges, (0, 0) is the image's corner.</summary>
    Edge,

    /// <summary>That of outlines traced from masks, as OpenCV and the converters over it make them: coordinates are pixels' centres, and
    /// the pixels under the outline belong to it.</summary>
    Centre,
}
