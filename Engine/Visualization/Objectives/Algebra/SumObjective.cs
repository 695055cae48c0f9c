using Interp.Engine.Graph;

namespace Interp.Engine.Visualization.Objectives.Algebra;

/// <summary>A sum for each image: F + G. A sum of units asks for an image that excites them jointly.</summary>
internal sealed class SumObjective : Objective
{
    private readonly Objective _left;
    private readonly Objective _right;

    private SumObjective(Objective left, Objective right)
    {
        _left = left;
        _right = right;
    }

    /// <inheritdoc/>
    public override string Name => _right is ScaledObjective { Weight: < 0 } or ConstantObjective { Value: < 0 }
        ? $"{_left.Name} - {(-_right).Text(Binding.Product)}"
        : $"{_left.Name} + {_right.Name}";

    /// <inheritdoc/>
    public override IEnumerable<Node> Nodes => _left.Nodes.Union(_right.Nodes);

    internal override Binding Binding => Binding.Sum;

    /// <inheritdoc/>
    public override Pullback Run(Observation seen)
    {
        Pullback left = _left.Run(seen), right = _right.Run(seen);
        return new Pullback([.. left.Values.Zip(right.Values, (f, g) => f + g)], (gradient, weights) =>
        {
            left.Add(gradient, weights);
            right.Add(gradient, weights);
        });
    }

    internal static Objective Of(Objective left, Objective right) => (left, right) switch
    {
        (ConstantObjective a, ConstantObjective b) => new ConstantObjective(a.Value + b.Value),
        _ => new SumObjective(left, right),
    };
}
