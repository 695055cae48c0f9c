using Interp.Engine.Common;

namespace Interp.Engine.LabelSets.Patterns.Shapes;

/// <summary>Every shape that is drawn.</summary>
internal static class ShapeCatalog
{
    /// <summary>A square.</summary>
    public static Polygon Box { get; } = new("box", (-0.7071, -0.7071), (0.7071, -0.7071), (0.7071, 0.7071), (-0.7071, 0.7071));

    /// <summary>A bar, four times as long as wide.</summary>
    public static Polygon Bar { get; } = new("bar", (-0.97, -0.2425), (0.97, -0.2425), (0.97, 0.2425), (-0.97, 0.2425));

    /// <summary>All shapes by name.</summary>
    public static Catalog<Shape> All { get; } = new(
        "shape",
        s => s.Name,
        new Ring("disc", 0),
        Box,
        new Polygon("triangle", (0, -1), (0.8660254, 0.5), (-0.8660254, 0.5)),
        new Polygon(
            "star",
            (0, -1), (-0.246869806, -0.339787138), (-0.951056516, -0.309016994), (-0.399443737, 0.129787138), (-0.587785252, 0.809016994),
            (0, 0.42), (0.587785252, 0.809016994), (0.399443737, 0.129787138), (0.951056516, -0.309016994), (0.246869806, -0.339787138)),
        new Ring("ring", 0.55),
        Bar);
}
