using Interp.Engine.Graph;

namespace Interp.Engine.Visualization.Objectives.Algebra;

/// <summary>A number c: F = c, whose gradient is zero.</summary>
internal sealed class ConstantObjective : Objective
{
    /// <exception cref="ArgumentOutOfRangeException">The number is not finite.</exception>
    public ConstantObjective(double value)
    {
        if (!double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, "a weight must be finite");
        }

        Value = value;
    }

    /// <summary>c.</summary>
    public double Value { get; }

    /// <inheritdoc/>
    public override string Name => Value.ToString();

    /// <inheritdoc/>
    public override IEnumerable<Node> Nodes => [];

    /// <inheritdoc/>
    public override Pullback Run(Observation seen)
    {
        var values = new double[seen.Canvas.Count];
        Array.Fill(values, Value);
        return new Pullback(values, (_, _) => { });
    }
}
