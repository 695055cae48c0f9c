using Interp.Engine.Graph;
using Interp.Engine.Visualization.Objectives.Parsing;

namespace Interp.Engine.Visualization.Objectives.Units;

/// <summary>
/// Whatever excites a layer, DeepDream: F = mean(a²) over all channels and positions. A. Mordvintsev, C. Olah, M. Tyka, "Inceptionism",
/// 2015; lucid's
/// <c>deepdream</c>.
/// </summary>
/// <param name="node">The layer.</param>
public sealed class LayerObjective(Node node) : Objective
{
    /// <inheritdoc/>
    public override string Name => ObjectiveText.Layer(node);

    /// <inheritdoc/>
    public override IEnumerable<Node> Nodes => [node];

    /// <inheritdoc/>
    public override Pullback Run(Observation seen)
    {
        (Tensors.Shape shape, float[] values) = seen.Activation(node);
        var size = MapSize.Of(shape);
        var means = new double[size.Count];
        for (int i = 0; i < values.Length; i++)
        {
            means[i / size.Row] += (double)values[i] * values[i];
        }

        return new Pullback(Array.ConvertAll(means, m => m / size.Row), (gradient, weights) =>
        {
            Span<float> sum = gradient.Of(node);
            for (int i = 0; i < values.Length; i++)
            {
                sum[i] += (float)(weights[i / size.Row] * 2 / size.Row * values[i]);
            }
        });
    }
}
