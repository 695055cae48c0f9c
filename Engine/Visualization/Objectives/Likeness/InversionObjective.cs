using Interp.Engine.Graph;
using Interp.Engine.Visualization.Objectives.Parsing;

namespace Interp.Engine.Visualization.Objectives.Likeness;

/// <summary>
/// Feature inversion, another image with a photo's activation a₀: F = −‖a − a₀‖²/‖a₀‖², 0 at best. A. Mahendran, A. Vedaldi, CVPR 2015
/// (arXiv 1412.0035), equation 2.
/// </summary>
/// <param name="node">The layer.</param>
/// <param name="photo">a₀.</param>
public sealed class InversionObjective(Node node, ActivationPattern photo) : Objective
{
    /// <inheritdoc/>
    public override string Name => $"invert({ObjectiveText.Layer(node)}, {ObjectiveText.Argument(photo.Source)})";

    /// <inheritdoc/>
    public override IEnumerable<Node> Nodes => [node];

    /// <inheritdoc/>
    public override Pullback Run(Observation seen)
    {
        (Tensors.Shape shape, float[] values) = seen.Activation(node);
        photo.CheckFits(shape, Name);
        int row = photo.Values.Length;
        var found = new double[shape[0]];
        for (int i = 0; i < values.Length; i++)
        {
            double d = (double)values[i] - photo.Values[i % row];
            found[i / row] -= d * d / photo.Square;
        }

        return new Pullback(found, (gradient, weights) =>
        {
            Span<float> sum = gradient.Of(node);
            for (int i = 0; i < values.Length; i++)
            {
                sum[i] -= (float)(weights[i / row] * 2 / photo.Square * ((double)values[i] - photo.Values[i % row]));
            }
        });
    }
}
