namespace Interp.Engine.Visualization.Objectives.Penalties;

/// <summary>The mean of |x − ½| over an image's values: how far it is from grey. A penalty: subtract it.</summary>
public sealed class L1Objective : PointwiseObjective
{
    /// <inheritdoc/>
    public override string Name => "l1";

    private protected override (double Value, double Slope) Term(Canvas canvas, int index, double x) =>
        (Math.Abs(x - 0.5), x > 0.5 ? 1 : x < 0.5 ? -1 : 0);
}
