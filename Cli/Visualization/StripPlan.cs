using System.Globalization;
using Interp.Engine.Imaging;
using Interp.Engine.Visualization;
using Interp.Engine.Visualization.Transforms;

namespace Interp.Cli.Visualization;

/// <summary>One image of a strip that is yet to be made.</summary>
/// <param name="Name">Its folder.</param>
/// <param name="Words">Its caption.</param>
/// <param name="Plan">How it is made.</param>
internal sealed record StripStep(string Name, string Words, VisualizePlan Plan)
{
    /// <summary>The largest change in grey levels; infinity for any.</summary>
    internal double Levels => 255 * Plan.Options.Within!.Radius;

    /// <summary>
    /// The steps from an attack to a visualisation, which differ in nothing but how far they may go, whether there are transforms, and
    /// what they start from.
    /// </summary>
    /// <param name="plan">How all are made: pixels, at any distance from the photo.</param>
    /// <param name="transforms">The random changes of the last two.</param>
    internal static IReadOnlyList<StripStep> All(VisualizePlan plan, string transforms)
    {
        int[] levels = [1, 2, 4, 8, 16, 32, 64];
        return
        [
            .. levels.Select(k => new StripStep($"within-{k}", $"within {k}/255", With(plan, k, null))),
            new("any", "any distance", With(plan, null, null)),
            new("any-robust", "any distance, transforms", With(plan, null, transforms)),
            new("noise-robust", "from noise, transforms", FromNoise(With(plan, null, transforms))),
        ];
    }

    private static VisualizePlan With(VisualizePlan plan, int? levels, string? transforms)
    {
        double radius = levels is { } k ? k / 255.0 : double.PositiveInfinity;
        string within = levels is { } l ? string.Create(CultureInfo.InvariantCulture, $"{l}/255") : "any";
        VisualizationOptions options = plan.Options with
        {
            Within = new ImageReach(PixelNorm.LInf, radius),
            Transforms = TransformChain.Parse(transforms ?? "none"),
        };
        return Changed(plan, options, ("within", within), ("transforms", transforms ?? "none"));
    }

    private static VisualizePlan FromNoise(VisualizePlan plan) => Changed(plan, plan.Options with { From = null, Size = 0 }, ("from", ""));

    private static VisualizePlan Changed(
        VisualizePlan plan, VisualizationOptions options, params (string Name, object Value)[] values) => plan with
        {
            Options = options,
            Values = [.. plan.Values.Select(v => values.FirstOrDefault(o => o.Name == v.Name) is { Name: not null } other ? other : v)],
        };
}
