using Interp.Engine.Graph;

namespace Interp.Engine.Visualization.Objectives.Algebra;

/// <summary>A product for each image: F·G, with ∂(F·G) = G·∂F + F·∂G.</summary>
internal sealed class ProductObjective : Objective
{
    private readonly Objective _left;
    private readonly Objective _right;

    private ProductObjective(Objective left, Objective right)
    {
        _left = left;
        _right = right;
    }

    /// <inheritdoc/>
    public override string Name => $"{_left.Text(Binding.Product)} * {_right.Text(Binding.Product)}";

    /// <inheritdoc/>
    public override IEnumerable<Node> Nodes => _left.Nodes.Union(_right.Nodes);

    internal override Binding Binding => Binding.Product;

    /// <inheritdoc/>
    public override Pullback Run(Observation seen)
    {
        Pullback left = _left.Run(seen), right = _right.Run(seen);
        return new Pullback(Times(left.Values, right.Values), (gradient, weights) =>
        {
            left.Add(gradient, Times(weights, right.Values));
            right.Add(gradient, Times(weights, left.Values));
        });
    }

    internal static Objective Of(Objective left, Objective right) => (left, right) switch
    {
        (ConstantObjective c, _) => ScaledObjective.Of(c.Value, right),
        (_, ConstantObjective c) => ScaledObjective.Of(c.Value, left),
        (ScaledObjective s, _) => ScaledObjective.Of(s.Weight, Of(s.Inner, right)),
        (_, ScaledObjective s) => ScaledObjective.Of(s.Weight, Of(left, s.Inner)),
        _ => new ProductObjective(left, right),
    };

    private static double[] Times(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x * y)];
}
