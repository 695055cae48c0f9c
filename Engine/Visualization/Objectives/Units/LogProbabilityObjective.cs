using Interp.Engine.Graph;

namespace Interp.Engine.Visualization.Objectives.Units;

/// <summary>
/// The logarithm of a class's probability by the network's <see cref="Models.OutputActivation"/>: F = log p_c. Where p_c itself saturates
/// at 0 or 1 and gives no gradient, its logarithm still does.
/// </summary>
/// <param name="network">The classifier.</param>
/// <param name="id">c, 0-based.</param>
public sealed class LogProbabilityObjective(Network network, int id) : Objective
{
    /// <summary>c.</summary>
    public int Id => id;

    /// <inheritdoc/>
    public override string Name => $"probability:{id}";

    /// <inheritdoc/>
    public override IEnumerable<Node> Nodes => [network.ClassOutput];

    /// <inheritdoc/>
    public override Pullback Run(Observation seen)
    {
        (Tensors.Shape shape, float[] logits) = seen.Activation(network.Output);
        var size = MapSize.Of(shape);
        var values = new double[size.Count];
        for (int n = 0; n < values.Length; n++)
        {
            values[n] = network.OutputActivation.LogProbability(size.Of(logits, n), id);
        }

        return new Pullback(values, (gradient, weights) =>
        {
            for (int n = 0; n < size.Count; n++)
            {
                AddRow(size.Of(gradient.Of(network.Output), n), size.Of(logits, n), weights[n]);
            }
        });
    }

    private void AddRow(Span<float> sum, ReadOnlySpan<float> logits, double weight)
    {
        double[] slope = network.OutputActivation.LogGradient(logits, id);
        for (int j = 0; j < slope.Length; j++)
        {
            sum[j] += (float)(weight * slope[j]);
        }
    }
}
