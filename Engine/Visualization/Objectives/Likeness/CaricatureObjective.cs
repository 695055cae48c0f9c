using Interp.Engine.Graph;
using Interp.Engine.Tensors;
using Interp.Engine.Visualization.Objectives.Parsing;

namespace Interp.Engine.Visualization.Objectives.Likeness;

/// <summary>
/// A photo's activation a₀, exaggerated: F = ⟨a,a₀⟩/‖a₀‖² · max(0.1, cos)^k, with the cosine of the angle between a and a₀ as wholes; 1 for
/// the photo
/// itself. lucid's <c>dot_compare</c> of its recipe for caricatures, over ‖a₀‖².
/// </summary>
/// <param name="node">The layer.</param>
/// <param name="photo">a₀.</param>
/// <param name="power">k ≥ 0.</param>
public sealed class CaricatureObjective(Node node, ActivationPattern photo, double power = 0) : AlongVectorObjective(node, photo.Values)
{
    /// <inheritdoc/>
    public override string Name =>
        $"caricature({ObjectiveText.Layer(Node)}, {ObjectiveText.Argument(photo.Source)}{(power == 0 ? "" : $", {power}")})";

    private protected override MapSize View(Shape shape)
    {
        photo.CheckFits(shape, Name);
        return new MapSize(shape[0], MapSize.Of(shape).Row, 1);
    }

    private protected override Similarity Compare(double dot, double square, double vectorSquare)
    {
        var plain = Similarity.Power(dot, square, vectorSquare, power);
        return new Similarity(plain.Value / vectorSquare, plain.ByDot / vectorSquare, plain.BySquare / vectorSquare);
    }
}
