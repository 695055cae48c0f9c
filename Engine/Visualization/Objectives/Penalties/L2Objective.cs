namespace Interp.Engine.Visualization.Objectives.Penalties;

/// <summary>The mean of (x − ½)² over an image's values: the square of its L2 distance from grey. A penalty: subtract it.</summary>
public sealed class L2Objective : PointwiseObjective
{
    /// <inheritdoc/>
    public override string Name => "l2";

    private protected override (double Value, double Slope) Term(Canvas canvas, int index, double x) =>
        ((x - 0.5) * (x - 0.5), 2 * (x - 0.5));
}
