using System.CommandLine;
using System.Globalization;
using Interp.Cli.Help;
using Interp.Engine.Common;
using Interp.Engine.Evidence;

namespace Interp.Cli.Evaluation;

/// <summary>Which metrics are measured, and how much is spent on them.</summary>
internal static class EvidenceFlags
{
    private const string Everything = "all";
    private static readonly EvidenceOptions s_standard = new();

    private static readonly Option<string[]> s_metrics = new("--metrics")
    {
        Description = $"Metrics, or '{Everything}' [default: the cheap ones]",
        HelpName = "NAME[,NAME...]",
    };

    private static readonly Option<int?> s_steps = TypedOption.OptionalWhole(
        "--curve-steps", "Even steps of deletion and insertion curves [default: where the curve moves]", 1, 100_000);

    private static readonly Option<int> s_sensitivity = TypedOption.Whole(
        "--sensitivity-samples", "Changed images, an attribution each", s_standard.SensitivitySamples, 1, 10_000);

    private static readonly Option<int> s_infidelity = TypedOption.Whole(
        "--infidelity-samples", "Squares that are taken away", s_standard.InfidelitySamples, 2, 100_000);

    private static readonly Option<int> s_stages = TypedOption.Whole(
        "--randomization-stages", "Stages of re-drawn weights, an attribution each", s_standard.RandomizationStages, 1, 1000);

    /// <summary>The metrics by name, for help pages.</summary>
    internal static HelpGroup Names { get; } = new(
        "Metrics", $"{List(EvidenceCatalog.All)}. Without --metrics: {List(EvidenceBoard.Cheap)}, which cost little.");

    internal static IEnumerable<Option> All => [s_metrics, s_steps, s_sensitivity, s_infidelity, s_stages];

    private static string List(IEnumerable<EvidenceMetric> metrics) => string.Join(", ", metrics.Select(m => m.Name));

    /// <exception cref="InputException">A metric is unknown.</exception>
    internal static IReadOnlyList<EvidenceMetric> Metrics(Invocation run)
    {
        string[] names = [.. run.Parts(s_metrics)];
        if (names.Contains(Everything, StringComparer.OrdinalIgnoreCase))
        {
            return EvidenceCatalog.All;
        }

        HashSet<EvidenceMetric> wanted = names.Length == 0 ? [.. EvidenceBoard.Cheap] : [.. names.Select(EvidenceCatalog.All.Find)];
        return [.. EvidenceCatalog.All.Where(wanted.Contains)];
    }

    internal static EvidenceOptions Options(Invocation run) => s_standard with
    {
        CurveSteps = run.Get(s_steps) ?? s_standard.CurveSteps,
        SensitivitySamples = run.Get(s_sensitivity),
        InfidelitySamples = run.Get(s_infidelity),
        RandomizationStages = run.Get(s_stages),
        Seed = run.Get(SharedOptions.Seed),
    };

    /// <summary>What is measured of every map.</summary>
    internal static EvidencePlan Plan(Invocation run)
    {
        IReadOnlyList<EvidenceMetric> metrics = Metrics(run);
        EvidenceOptions options = Options(run);
        return new EvidencePlan(new EvidenceBoard(metrics, options), [.. Values(metrics, options).Select(v => $"{v.Key} {v.Value}")]);
    }

    /// <summary>Everything that numbers depend on, for the result's file.</summary>
    internal static IEnumerable<KeyValuePair<string, string>> Values(IReadOnlyList<EvidenceMetric> metrics, EvidenceOptions options)
    {
        yield return new("metrics", string.Join(',', metrics.Select(m => m.Name)));
        yield return new("curve_steps", options.CurveSteps > 0 ? $"{options.CurveSteps}"
            : string.Create(CultureInfo.InvariantCulture, $"where the curve moves, area within {options.CurveTolerance} of its range"));
        yield return new("road_percentiles", string.Join(',', options.RoadPercentiles));
        yield return new("sensitivity_radius", options.SensitivityRadius.ToString(CultureInfo.InvariantCulture));
        yield return new("sensitivity_samples", $"{options.SensitivitySamples}");
        yield return new("infidelity_samples", $"{options.InfidelitySamples}");
        yield return new("randomization_stages", $"{options.RandomizationStages}");
        yield return new("box_threshold", options.BoxThreshold.ToString(CultureInfo.InvariantCulture));
        yield return new("seed", $"{options.Seed}");
    }
}

/// <summary>What is measured of every map.</summary>
/// <param name="Board">Measures.</param>
/// <param name="Settings">Everything that the numbers depend on, a line each.</param>
internal sealed record EvidencePlan(EvidenceBoard Board, IReadOnlyList<string> Settings);
