using Interp.Engine.Attribution;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;
using Interp.Engine.Visualization.Objectives.Parsing;

namespace Interp.Engine.Visualization.Objectives.Units;

/// <summary>One neuron of a channel, a_kyx; without a position that at the centre, (⌊H/2⌋, ⌊W/2⌋) of the map that is observed.</summary>
/// <param name="node">The layer.</param>
/// <param name="channel">k, 0-based.</param>
/// <param name="position">Row y and column x, or null for the centre.</param>
public sealed class NeuronObjective(Node node, int channel, (int Y, int X)? position = null) : TargetObjective(node)
{
    /// <summary>k.</summary>
    public int Channel => channel;

    /// <summary>Row y and column x, or null for the centre.</summary>
    public (int Y, int X)? Position => position;

    /// <inheritdoc/>
    public override string Name => $"{ObjectiveText.Layer(Node)}:{channel},{new MapPosition(position)}";

    /// <inheritdoc/>
    /// <exception cref="Common.InputException">The observed map has no such position.</exception>
    protected override UnitTarget TargetIn(Shape shape) => new(Node, channel, new MapPosition(position).In(shape));
}
