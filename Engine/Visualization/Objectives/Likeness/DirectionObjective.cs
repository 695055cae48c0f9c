using Interp.Engine.Graph;
using Interp.Engine.Tensors;
using Interp.Engine.Visualization.Objectives.Parsing;

namespace Interp.Engine.Visualization.Objectives.Likeness;

/// <summary>
/// A direction v in a layer's space of channels: the mean over positions, or the value at one, of ⟨a_p,v⟩·max(0.1, cos)^k, where cos is
/// that of the angle
/// between a_p and v. k = 0 leaves the plain product; a larger k asks for v rather than for anything large. lucid's <c>direction</c> and
/// <c>direction_neuron</c>.
/// </summary>
/// <param name="node">The layer.</param>
/// <param name="vector">v, one value for each channel.</param>
/// <param name="source">What the vector is called in the objective's text: its file.</param>
/// <param name="power">k ≥ 0.</param>
/// <param name="at">The one position that counts, or null for all.</param>
public sealed class DirectionObjective(Node node, float[] vector, string source, double power = 0, MapPosition? at = null)
    : AlongVectorObjective(node, vector)
{
    /// <inheritdoc/>
    public override string Name =>
        $"direction({ObjectiveText.Layer(Node)}, "
        + $"{ObjectiveText.Argument(source)}{(power == 0 && at is null ? "" : $", {power}")}{(at is null ? "" : $", {at}")})";

    private protected override Similarity Compare(double dot, double square, double vectorSquare) =>
        Similarity.Power(dot, square, vectorSquare, power);

    private protected override (int First, int Count) Positions(Shape shape, MapSize size) =>
        at is { } one ? (one.IndexIn(shape, Name), 1) : (0, size.Plane);
}
