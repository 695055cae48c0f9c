namespace Interp.Engine.LabelSets.Patterns.Shapes;

/// <summary>What a line through given corners encloses (even-odd rule).</summary>
internal sealed class Polygon(string name, params (double X, double Y)[] corners) : Shape(name)
{
    /// <summary>The corners in order.</summary>
    public IReadOnlyList<(double X, double Y)> Corners => corners;

    /// <inheritdoc/>
    public override bool Contains(double x, double y)
    {
        bool inside = false;
        (double px, double py) = corners[^1];
        foreach ((double cx, double cy) in corners)
        {
            if (cy > y != py > y && x < cx + ((y - cy) * (px - cx) / (py - cy)))
            {
                inside = !inside;
            }

            (px, py) = (cx, cy);
        }

        return inside;
    }
}
