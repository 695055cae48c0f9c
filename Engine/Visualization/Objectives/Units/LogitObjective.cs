using Interp.Engine.Attribution;
using Interp.Engine.Graph;
using Interp.Engine.Tensors;

namespace Interp.Engine.Visualization.Objectives.Units;

/// <summary>A class's logit, z_c.</summary>
/// <param name="network">The classifier.</param>
/// <param name="id">c, 0-based.</param>
public sealed class LogitObjective(Network network, int id) : TargetObjective(network.ClassOutput)
{
    /// <summary>c.</summary>
    public int Id => id;

    /// <inheritdoc/>
    public override string Name => $"class:{id}";

    /// <inheritdoc/>
    protected override UnitTarget TargetIn(Shape shape) => new(Node, id);
}
