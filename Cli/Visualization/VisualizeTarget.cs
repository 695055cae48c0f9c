using Interp.Engine.Graph;
using Interp.Engine.Visualization.Objectives;

namespace Interp.Cli.Visualization;

/// <summary>What is made visible.</summary>
/// <param name="Name">Name of its folder: <c>features.28-264</c>, <c>class-45-negative</c>.</param>
/// <param name="Words">For people.</param>
/// <param name="Unit">The unit's own value, whatever its sign.</param>
/// <param name="IsNegative">Whether its value is to become small.</param>
internal sealed record VisualizeTarget(string Name, string Words, Objective Unit, bool IsNegative)
{
    /// <summary>The class, for a class's logit or probability.</summary>
    internal int? Class { get; init; }

    /// <summary>The layer, for a unit of a layer.</summary>
    internal Node? Layer { get; init; }

    /// <summary>The channel in it.</summary>
    internal int? Channel { get; init; }

    /// <summary>What is to grow.</summary>
    internal Objective Objective(VisualizePlan plan) =>
        plan.Penalties.Aggregate(IsNegative ? -Unit : Unit, (sum, p) => sum - (p.Weight * p.Term));
}
