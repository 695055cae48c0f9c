using Interp.Engine.Graph;
using Interp.Engine.Tensors;
using Interp.Engine.Visualization.Objectives.Parsing;

namespace Interp.Engine.Visualization.Objectives.Likeness;

/// <summary>
/// A direction v in a layer's space of channels, whatever the activation's size: the mean over positions, or the value at one, of ⟨a_p,v⟩ /
/// (‖a_p‖·‖v‖).
/// lucent's <c>direction</c>.
/// </summary>
/// <inheritdoc cref="DirectionObjective"/>
public sealed class CosineObjective(Node node, float[] vector, string source, MapPosition? at = null) : AlongVectorObjective(node, vector)
{
    /// <inheritdoc/>
    public override string Name => $"cosine({ObjectiveText.Layer(Node)}, {ObjectiveText.Argument(source)}{(at is null ? "" : $", {at}")})";

    private protected override Similarity Compare(double dot, double square, double vectorSquare) =>
        Similarity.Cosine(dot, square, vectorSquare);

    private protected override (int First, int Count) Positions(Shape shape, MapSize size) =>
        at is { } one ? (one.IndexIn(shape, Name), 1) : (0, size.Plane);
}
