using Interp.Engine.Graph;

namespace Interp.Engine.Visualization.Objectives.Algebra;

/// <summary>An objective with a weight: w·F. Weights of weights are multiplied out.</summary>
internal sealed class ScaledObjective : Objective
{
    private ScaledObjective(double weight, Objective inner)
    {
        Weight = weight;
        Inner = inner;
    }

    /// <summary>w.</summary>
    public double Weight { get; }

    /// <summary>F.</summary>
    public Objective Inner { get; }

    /// <inheritdoc/>
    public override string Name => Weight == -1 ? $"-{Inner.Text(Binding.Product)}" : $"{Weight} * {Inner.Text(Binding.Product)}";

    /// <inheritdoc/>
    public override IEnumerable<Node> Nodes => Inner.Nodes;

    internal override Binding Binding => Binding.Product;

    /// <inheritdoc/>
    public override Pullback Run(Observation seen)
    {
        Pullback inner = Inner.Run(seen);
        return new Pullback(Array.ConvertAll(inner.Values, f => Weight * f), (gradient, weights) =>
            inner.Add(gradient, Array.ConvertAll(weights, w => Weight * w)));
    }

    internal static Objective Of(double weight, Objective objective) => objective switch
    {
        ConstantObjective constant => new ConstantObjective(weight * constant.Value),
        ScaledObjective scaled => Of(weight * scaled.Weight, scaled.Inner),
        _ when weight == 1 => objective,
        _ => new ScaledObjective(new ConstantObjective(weight).Value, objective),
    };
}
