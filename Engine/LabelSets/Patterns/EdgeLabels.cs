using System.Collections.Immutable;
using Interp.Engine.LabelSets.Patterns.Shapes;

namespace Interp.Engine.LabelSets.Patterns;

/// <summary>
/// Labels of the contours of polygons: edges by their orientation, corners, and the ends of bars. On an image of 224 pixels an edge is
/// what lies within 4 pixels of a side, a corner within 8 of where two meet, an end within 6 of a bar's short side; around them all
/// <see cref="LabelPlane.Void"/> for 2 pixels more.
/// </summary>
internal static class EdgeLabels
{
    /// <summary>Orientations, evenly over the half circle.</summary>
    public const int Orientations = 8;

    private const int Corner = Orientations, End = Orientations + 1, Unsure = -1, None = -2;

    /// <summary>Cosines of 0°, 22.5°, 45°, 67.5° and 90°.</summary>
    private static readonly double[] s_cosines = [1, 0.92387953251128674, 0.70710678118654752, 0.38268343236508977, 0];

    /// <summary>The names: edges by their angle to the horizontal, anticlockwise, in degrees; then corner and end.</summary>
    public static ImmutableArray<string> Names { get; } =
        ["edge 0", "edge 22.5", "edge 45", "edge 67.5", "edge 90", "edge 112.5", "edge 135", "edge 157.5", "corner", "end"];

    /// <summary>What contour scenes are made of: square, right-angled triangle, thin bar. Turned by a multiple of 22.5°, all their sides
    /// have one of the orientations.</summary>
    public static ImmutableArray<Polygon> Shapes { get; } =
    [
        ShapeCatalog.Box,
        new("right triangle", (-0.7071, -0.7071), (0.7071, 0.7071), (-0.7071, 0.7071)),
        new("thin bar", (-0.995, -0.1), (0.995, -0.1), (0.995, 0.1), (-0.995, 0.1)),
    ];

    /// <summary>Cosine and sine of a multiple of 22.5°, anticlockwise as one sees it: sines are of the way down.</summary>
    public static (double Cosine, double Sine) Direction(int orientation)
    {
        int quarter = orientation % Orientations;
        return quarter <= 4
            ? (s_cosines[quarter], -s_cosines[4 - quarter])
            : (-s_cosines[Orientations - quarter], -s_cosines[quarter - 4]);
    }

    /// <summary>Labels an image's pixels.</summary>
    /// <param name="regions">The polygons.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="scale">Size of the image beside one of 224 pixels.</param>
    /// <param name="first">The place of the first name in the set's concepts.</param>
    public static LabelPlane Plane(IReadOnlyList<PatternRegion> regions, int width, int height, double scale, int first)
    {
        double unit = Math.Max(1, 4 * scale);
        Side[][] polygons = [.. regions.Select(SidesOf)];
        var labels = new ushort[width * height];
        for (int i = 0; i < labels.Length; i++)
        {
            int found = None;
            for (int r = 0; r < regions.Count && found == None; r++)
            {
                (double x, double y) = ((i % width) + 0.5 - regions[r].X, (i / width) + 0.5 - regions[r].Y);
                found = Length(x, y) <= regions[r].Radius + (3 * unit) ? Find(polygons[r], x, y, unit) : None;
            }

            labels[i] = found switch { None => 0, Unsure => LabelPlane.Void, _ => (ushort)(first + found + 1) };
        }

        return new LabelPlane("edge", width, height, labels);
    }

    private static int Find(Side[] sides, double x, double y, double unit)
    {
        // A bar's short sides are its ends; it has no corners.
        (double corner, double end, double side) = (double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity);
        (int orientation, bool isBar) = (0, false);
        foreach (Side s in sides)
        {
            double distance = s.Distance(x, y);
            corner = Math.Min(corner, Length(x - s.X, y - s.Y));
            if (s.IsEnd)
            {
                (isBar, end) = (true, Math.Min(end, distance));
            }
            else if (distance < side)
            {
                (side, orientation) = (distance, s.Orientation);
            }
        }

        return isBar && end <= 2 * unit ? end <= 1.5 * unit ? End : Unsure
            : !isBar && corner <= 2.5 * unit ? corner <= 2 * unit ? Corner : Unsure
            : side <= 1.5 * unit ? side <= unit ? orientation : Unsure
            : None;
    }

    /// <summary>A region's sides, in pixels from its centre.</summary>
    private static Side[] SidesOf(PatternRegion region)
    {
        PatternRegion centred = region with { X = 0, Y = 0 };
        (double X, double Y)[] corners = [.. ((Polygon)region.Shape).Corners.Select(centred.Place)];
        return [.. corners.Select((a, i) =>
        {
            (double bx, double by) = corners[(i + 1) % corners.Length];
            (double dx, double dy) = (bx - a.X, by - a.Y);
            double length = Length(dx, dy);
            return new Side(a.X, a.Y, dx, dy, length < region.Radius / 2, Orientation(dx / length, dy / length));
        })];
    }

    private static int Orientation(double dx, double dy) => Enumerable.Range(0, Orientations).MaxBy(k =>
    {
        (double cosine, double sine) = Direction(k);
        return Math.Abs((dx * cosine) + (dy * sine));
    });

    private static double Length(double x, double y) => Math.Sqrt((x * x) + (y * y));

    /// <summary>A side from a corner along a direction to the next.</summary>
    private readonly record struct Side(double X, double Y, double Dx, double Dy, bool IsEnd, int Orientation)
    {
        public double Distance(double x, double y)
        {
            double along = Math.Clamp((((x - X) * Dx) + ((y - Y) * Dy)) / ((Dx * Dx) + (Dy * Dy)), 0, 1);
            return Length(x - X - (along * Dx), y - Y - (along * Dy));
        }
    }
}
