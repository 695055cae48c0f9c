using Interp.Engine.LabelSets.Patterns.Shapes;

namespace Interp.Engine.LabelSets.Patterns;

/// <summary>A shape somewhere on an image, filled with a texture.</summary>
/// <param name="Shape">The shape, turned by the direction.</param>
/// <param name="Pattern">The texture.</param>
/// <param name="Form">How the texture is drawn.</param>
/// <param name="First">Its first colour.</param>
/// <param name="Second">Its second colour.</param>
internal sealed record PatternRegion(Shape Shape, Pattern Pattern, PatternForm Form, PatternColor First, PatternColor Second)
{
    /// <summary>Cosine and sine of the angle by which the shape is turned.</summary>
    public (double Cosine, double Sine) Direction { get; init; } = (1, 0);

    /// <summary>The centre, in pixels from the left.</summary>
    public double X { get; init; }

    /// <summary>The centre, in pixels from the top.</summary>
    public double Y { get; init; }

    /// <summary>Pixels from the centre to the circle that the shape lies in.</summary>
    public double Radius { get; init; }

    /// <summary>Whether a point lies in the region, in pixels from the centre.</summary>
    public bool Contains(double x, double y) => Shape.Contains(
        ((x * Direction.Cosine) + (y * Direction.Sine)) / Radius, ((y * Direction.Cosine) - (x * Direction.Sine)) / Radius);

    /// <summary>A shape's corner on the image.</summary>
    public (double X, double Y) Place((double X, double Y) corner) => (
        X + (Radius * ((corner.X * Direction.Cosine) - (corner.Y * Direction.Sine))),
        Y + (Radius * ((corner.Y * Direction.Cosine) + (corner.X * Direction.Sine))));
}
