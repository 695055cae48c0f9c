using System.Collections.Immutable;

namespace Interp.Engine.Evidence;

/// <summary>How much is spent on evidence. Numbers taken with different options cannot be compared, so they are written beside the
/// results.</summary>
public sealed record EvidenceOptions
{
    /// <summary>
    /// Even steps of the deletion and insertion curves; 0 puts the points where the curve moves, until <see cref="CurveTolerance"/> is
    /// kept.
    /// The RISE paper's code deletes 224 pixels a step, which are 224 steps.
    /// </summary>
    public int CurveSteps { get; init; }

    /// <summary>
    /// No more points are taken once trapezoids through them would be off by at most this, as a share of the curve's range, if the curve
    /// only
    /// falls or only rises between two neighbouring points.
    /// </summary>
    public double CurveTolerance { get; init; } = 0.04;

    /// <summary>ROAD's percentiles p: the 100 − p percent of the pixels that matter most (or least) are imputed. As pytorch-grad-cam's
    /// <c>ROADCombined</c>.</summary>
    public ImmutableArray<int> RoadPercentiles { get; init; } = [10, 20, 30, 40, 50, 60, 70, 80, 90];

    /// <summary>Largest change of an input value for the sensitivity, in network units.</summary>
    public double SensitivityRadius { get; init; } = 0.02;

    /// <summary>Changed inputs for the sensitivity; each costs a whole attribution.</summary>
    public int SensitivitySamples { get; init; } = 10;

    /// <summary>Squares that are taken away for the infidelity.</summary>
    public int InfidelitySamples { get; init; } = 32;

    /// <summary>In how many stages the weights are re-drawn from the top down; the last has none of the network's own. Each costs an
    /// attribution.</summary>
    public int RandomizationStages { get; init; } = 3;

    /// <summary>Share of a map's maximum above which a pixel counts as marked, when a box is drawn around what a map marks.</summary>
    public double BoxThreshold { get; init; } = 0.15;

    /// <summary>Where random numbers start.</summary>
    public ulong Seed { get; init; }

    /// <inheritdoc/>
    public bool Equals(EvidenceOptions? other) => other is not null && Parts.SequenceEqual(other.Parts);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(CurveSteps, SensitivitySamples, InfidelitySamples, RandomizationStages, Seed);

    private IEnumerable<double> Parts =>
    [
        CurveSteps, CurveTolerance, SensitivityRadius, SensitivitySamples, InfidelitySamples, RandomizationStages, BoxThreshold, Seed,
        .. RoadPercentiles,
    ];
}
