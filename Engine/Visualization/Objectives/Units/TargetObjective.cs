using Interp.Engine.Attribution;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;

namespace Interp.Engine.Visualization.Objectives.Units;

/// <summary>What attribution explains, as something to be made large.</summary>
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
        Target target = TargetIn(shape);
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

    /// <summary>The target in an activation of that shape.</summary>
    protected abstract Target TargetIn(Shape shape);
}
