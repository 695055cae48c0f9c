using Interp.Engine.Attribution;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;
using Interp.Engine.Visualization.Objectives.Parsing;

namespace Interp.Engine.Visualization.Objectives.Units;

/// <summary>A channel's mean over its map, (1/HW) Σ_ij a_kij; in a layer without a map the value of that index.</summary>
/// <param name="node">The layer.</param>
/// <param name="channel">k, 0-based.</param>
public sealed class ChannelObjective(Node node, int channel) : TargetObjective(node)
{
    /// <summary>k.</summary>
    public int Channel => channel;

    /// <inheritdoc/>
    public override string Name => $"{ObjectiveText.Layer(Node)}:{channel}";

    /// <inheritdoc/>
    protected override UnitTarget TargetIn(Shape shape) => new(Node, channel);
}
