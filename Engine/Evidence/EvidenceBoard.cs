using System.Collections.Immutable;
using Interp.Engine.Attribution;
using Interp.Engine.Evidence.Baselines;
using Interp.Engine.Evidence.Metrics;
using Interp.Engine.Imaging;

namespace Interp.Engine.Evidence;

/// <summary>
/// Measures maps with a set of metrics and says in words what is wrong with them. The baselines that a verdict compares with are measured
/// once for each
/// image and target, and kept until another image comes. For one caller at a time.
/// </summary>
/// <param name="metrics">What is measured.</param>
/// <param name="options">How much is spent.</param>
public sealed class EvidenceBoard(IReadOnlyList<EvidenceMetric> metrics, EvidenceOptions? options = null)
{
    private const int RandomDraws = 3;
    private readonly EvidenceOptions _options = options ?? new();
    private readonly Dictionary<(AttributionMethod Baseline, uint Draw), EvidenceFinding> _deletions = [];
    private (NetworkInput Input, Target Target)? _of;

    /// <summary>Metrics that say most for least: the two curves, the random-logit test, and what costs nothing.</summary>
    public static IReadOnlyList<EvidenceMetric> Cheap { get; } = [
        .. EvidenceCatalog.All.Where(m => m is PixelCurve or Sparseness or RandomLogit or PointingGame or BoxLocalization)];

    /// <summary>What is measured.</summary>
    public IReadOnlyList<EvidenceMetric> Metrics => metrics;

    /// <summary>About what the evidence for one map costs.</summary>
    /// <param name="isFirst">Whether it is the first of its image and target, with which the baselines of verdicts are measured.</param>
    public EvidenceCost CostOf(bool isFirst)
    {
        EvidenceCost each = metrics.Aggregate(default(EvidenceCost), (sum, m) => sum + m.Cost(_options));
        bool compared = isFirst && metrics.Contains(PixelCurve.Deletion);
        return compared ? each + new EvidenceCost((RandomDraws + 1) * PixelCurve.Deletion.Cost(_options).Forward, 0) : each;
    }

    /// <summary>Measures a map with every metric that can be measured of it, and judges it.</summary>
    /// <param name="question">The request that the map answers.</param>
    /// <param name="map">The map.</param>
    /// <param name="boxes">Where the target is, in pixels of the network's input, if that is known.</param>
    public MapEvidence Measure(AttributionRequest question, AttributionResult map, ImmutableArray<PixelBox> boxes = default)
    {
        if (_of is not { } of || !ReferenceEquals(of.Input, question.Input) || of.Target != question.Target)
        {
            _deletions.Clear();
            _of = (question.Input, question.Target);
        }

        EvidenceRequest request = Request(question, map, boxes);
        var findings = ImmutableArray.CreateBuilder<EvidenceFinding>();
        foreach (EvidenceMetric metric in metrics.Where(m => m.Obstacle(request) is null))
        {
            findings.Add(metric == PixelCurve.Deletion && BaselineMaps.All.Contains(map.Method) ? Deletion(map.Method, 0, question)
                : metric.Measure(request));
        }

        return new MapEvidence(findings.ToImmutable(),
            [.. Verdict.Of(findings, request, () => Random(question), () => Deletion(SobelMap.Instance, 0, question).Values[0])]);
    }

    /// <summary>The area under the deletion curve for blocks at random: the mean of a few draws, since one alone may happen to mark the
    /// object.</summary>
    private double Random(AttributionRequest question) =>
        Enumerable.Range(0, RandomDraws).Average(draw => Deletion(RandomMap.Blocks, (uint)draw, question).Values[0]);

    private EvidenceFinding Deletion(AttributionMethod baseline, uint draw, AttributionRequest question)
    {
        if (!_deletions.TryGetValue((baseline, draw), out EvidenceFinding? finding))
        {
            AttributionRequest asked = question with { Options = baseline.Configure(), Seed = question.Seed + draw, Progress = null };
            _deletions[(baseline, draw)] = finding = PixelCurve.Deletion.Measure(Request(asked, baseline.Explain(asked), default));
        }

        return finding;
    }

    private EvidenceRequest Request(AttributionRequest question, AttributionResult map, ImmutableArray<PixelBox> boxes) =>
        new(question, map) { Options = _options, Boxes = boxes.IsDefault ? [] : boxes };
}

/// <summary>What is known of one map.</summary>
/// <param name="Findings">What the metrics found, in their order, without those that could not be measured.</param>
/// <param name="Verdicts">What is wrong with it; empty if nothing was found.</param>
public sealed record MapEvidence(ImmutableArray<EvidenceFinding> Findings, ImmutableArray<Verdict> Verdicts)
{
    /// <summary>A column's value, or NaN if it was not measured.</summary>
    public double this[string column] => Findings.FirstOrDefault(f => f.Metric.Columns.Any(c => c.Name == column))?[column] ?? double.NaN;
}
