using Interp.Engine.Graph;
using Interp.Engine.Visualization.Objectives.Parsing;

namespace Interp.Engine.Visualization.Objectives.Likeness;

/// <summary>
/// A photo's style at a layer: F = −‖G − G₀‖²/‖G₀‖² (Frobenius norms) with the Gram matrices G of the image and G₀ of the photo, 0 at best;
/// add the
/// objectives of several layers up. The photo may have another size. L. Gatys, A. Ecker, M. Bethge, CVPR 2016, equation 4, over ‖G₀‖².
/// </summary>
/// <param name="node">The layer.</param>
/// <param name="photo">The layer's activation on the photo.</param>
public sealed class StyleObjective(Node node, ActivationPattern photo) : Objective
{
    private readonly double[] _style = Gram.Of(photo.Values, MapSize.Of(photo.Shape));

    /// <inheritdoc/>
    public override string Name => $"style({ObjectiveText.Layer(node)}, {ObjectiveText.Argument(photo.Source)})";

    /// <inheritdoc/>
    public override IEnumerable<Node> Nodes => [node];

    /// <inheritdoc/>
    public override Pullback Run(Observation seen)
    {
        (Tensors.Shape shape, float[] values) = seen.Activation(node);
        var size = MapSize.Of(shape);
        double norm = Gram.Dot(_style, _style);
        var differences = new double[size.Count][];
        for (int n = 0; n < size.Count; n++)
        {
            differences[n] = [.. Gram.Of(size.Of(values, n), size).Zip(_style, (g, s) => g - s)];
        }

        return new Pullback(Array.ConvertAll(differences, d => -Gram.Dot(d, d) / norm), (gradient, weights) =>
        {
            for (int n = 0; n < size.Count; n++)
            {
                double[] slope = Array.ConvertAll(differences[n], d => -2 * weights[n] / norm * d);
                Gram.AddGradient(size.Of(gradient.Of(node), n), size.Of(values, n), size, slope);
            }
        });
    }
}
