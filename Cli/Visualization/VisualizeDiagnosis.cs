using Interp.Engine.Layers;
using Interp.Engine.Visualization;

namespace Interp.Cli.Visualization;

/// <summary>What is wrong with an optimised image, and what to try.</summary>
internal static class VisualizeDiagnosis
{
    internal static IReadOnlyList<string> Of(VisualizeTarget target, VisualizationResult result, double after)
    {
        if (result.Curve.FirstOrDefault(p => !double.IsFinite(p.Objective[0])) is { } broken)
        {
            return [$"the objective became {broken.Objective[0]} at step {broken.Index}: use a smaller --lr"];
        }

        if (!target.IsNegative && after <= 0 && target.Class is null && result.Curve.All(p => p.Objective[0] <= 0))
        {
            return [target.Layer?.Layer is ReLU
                ? "the unit never became active: try more --redirect-steps, another --seed, or the layer before its ReLU"
                : "the unit's value never rose above 0: try more --steps, another --lr or another --seed"];
        }

        return result.Curve.Count > 1 && result.Curve[^1].Objective[0] <= result.Curve[0].Objective[0]
            ? ["the objective did not grow: try more --steps or another --lr"]
            : [];
    }
}
