using Interp.Engine.Attribution;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;

namespace Interp.Engine.Visualization.Objectives.Units;

/// <summary>A unit that attribution explains, as something to be made large; a logit is a unit of the output.</summary>
/// <param name="node">The node that it is a function of.</param>
public abstract class TargetObjective(Node node) : Objective
{
    /// <summary>The node that it is a function of.</summary>
    public Node Node => node;

    /// <inheritdoc/>
    public sealed override IEnumerable<Node> Nodes => [node];

    /// <inheritdoc/>
    public sealed override Pullback Run(Observation seen)
    {
        (Shape shape, float[] values) = seen.Activation(node);
        UnitTarget target = TargetIn(shape);
        return new Pullback(target.Scores(values, shape), (gradient, weights) =>
        {
            var size = MapSize.Of(shape);
            float[] slope = target.Gradient(values, shape);
            Span<float> sum = gradient.Of(node);
            for (int i = 0; i < slope.Length; i++)
            {
                sum[i] += (float)(weights[i / size.Row] * slope[i]);
            }
        });
    }

    /// <summary>The unit in an activation of that shape.</summary>
    protected abstract UnitTarget TargetIn(Shape shape);
}
