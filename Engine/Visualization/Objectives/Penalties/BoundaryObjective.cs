namespace Interp.Engine.Visualization.Objectives.Penalties;

/// <summary>
/// The mean over an image's values of (x − ½)² in a frame along its edges, 0 inside: what makes the subject stay in the middle. A penalty:
/// subtract it. The
/// second term of lucid's <c>penalize_boundary_complexity</c>.
/// </summary>
/// <param name="width">The frame's width in pixels.</param>
public sealed class BoundaryObjective(int width = BoundaryObjective.StandardWidth) : PointwiseObjective
{
    /// <summary>lucid's width.</summary>
    public const int StandardWidth = 20;

    /// <inheritdoc/>
    public override string Name => width == StandardWidth ? "boundary" : $"boundary({width})";

    private protected override (double Value, double Slope) Term(Canvas canvas, int index, double x)
    {
        int row = index % canvas.Plane / canvas.Width, column = index % canvas.Width;
        int inside = Math.Min(Math.Min(row, canvas.Height - 1 - row), Math.Min(column, canvas.Width - 1 - column));
        return inside < width ? ((x - 0.5) * (x - 0.5), 2 * (x - 0.5)) : default;
    }
}
