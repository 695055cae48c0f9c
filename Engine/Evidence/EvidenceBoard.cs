using System.Collections.Immutable;
using Interp.Engine.Attribution;
using Interp.Engine.Evidence.Baselines;
using Interp.Engine.Evidence.Metrics;
using Interp.Engine.Imaging;

namespace Interp.Engine.Evidence;

/// <summary>
/// Measures maps with a set of metrics and says in words what is wrong with them. What maps of one image and target have in common is
/// measured once and kept until another image comes: the image itself, what replaces its pixels, the baselines that a verdict compares
/// with. Maps that are given together share batches too. For one caller at a time.
/// </summary>
/// <param name="metrics">What is measured.</param>
/// <param name="options">How much is spent.</param>
public sealed class EvidenceBoard(IReadOnlyList<EvidenceMetric> metrics, EvidenceOptions? options = null)
{
    private const int RandomDraws = 3;
    private readonly EvidenceOptions _options = options ?? new();
    private readonly Dictionary<(AttributionMethod Baseline, uint Draw), Measurement> _deletions = [];
    private ImageScores _scores = new();
    private (NetworkInput Input, Target Target)? _of;

    /// <summary>Metrics that say most for least: the two curves, the random-logit test, and what costs nothing.</summary>
    public static IReadOnlyList<EvidenceMetric> Cheap { get; } = [
        .. EvidenceCatalog.All.Where(m => m is PixelCurve or Sparseness or RandomLogit or PointingGame or BoxLocalization)];

    /// <summary>What is measured.</summary>
    public IReadOnlyList<EvidenceMetric> Metrics => metrics;

    private bool Compares => metrics.Contains(PixelCurve.Deletion);

    /// <summary>About what the evidence for one map costs.</summary>
    /// <param name="isFirst">Whether it is the first of its image and target, with which the baselines of verdicts are measured.</param>
    public EvidenceCost CostOf(bool isFirst)
    {
        EvidenceCost each = metrics.Aggregate(default(EvidenceCost), (sum, m) => sum + m.Cost(_options));
        return Compares && isFirst ? each + new EvidenceCost((RandomDraws + 1) * PixelCurve.Deletion.Cost(_options).Forward, 0) : each;
    }

    /// <summary>
    /// The question in a form in which its map's passes serve the evidence too, with the same answer: what is run for the explained class
    /// also gives what the random-logit test needs. Keeps a gradient for each of the method's passes until the question is let go.
    /// </summary>
    /// <param name="question">What a method is to be asked.</param>
    public AttributionRequest Prepare(AttributionRequest question) =>
        metrics.Any(m => m is RandomLogit) && RandomLogit.ObstacleOf(question) is null
            ? question with { Record = new PassRecord(question.Network, RandomLogit.Other(question, _options.Seed)) }
            : question;

    /// <summary>Measures a map with every metric that can be measured of it, and judges it.</summary>
    /// <param name="question">The request that the map answers.</param>
    /// <param name="map">The map.</param>
    /// <param name="boxes">Where the target is, in pixels of the network's input, if that is known.</param>
    public MapEvidence Measure(AttributionRequest question, AttributionResult map, ImmutableArray<PixelBox> boxes = default) =>
        Measure([new(question, map) { Options = _options, Boxes = boxes.IsDefault ? [] : boxes }])[0];

    /// <summary>Measures maps of one image and target, as if one by one, with as few batches as possible.</summary>
    /// <param name="maps">The maps; their options are replaced by the board's.</param>
    /// <exception cref="ArgumentException">They are of several images or targets.</exception>
    public IReadOnlyList<MapEvidence> Measure(IReadOnlyList<EvidenceRequest> maps)
    {
        AttributionRequest question = maps[0].Question;
        if (maps.Any(m => !ReferenceEquals(m.Input, question.Input) || m.Question.Target != question.Target))
        {
            throw new ArgumentException("maps of several images or targets, expected one of each", nameof(maps));
        }

        if (_of is not { } of || !ReferenceEquals(of.Input, question.Input) || of.Target != question.Target)
        {
            Forget();
            _of = (question.Input, question.Target);
        }

        try
        {
            return MeasureAll(question, [.. maps.Select(m => m with { Options = _options, Scores = _scores })]);
        }
        catch
        {
            Forget();
            throw;
        }
    }

    private void Forget()
    {
        _deletions.Clear();
        (_scores, _of) = (new(), null);
    }

    private MapEvidence[] MeasureAll(AttributionRequest question, EvidenceRequest[] maps)
    {
        Measurement[][] found = [
            .. maps.Select(map => metrics.Where(m => m.Obstacle(map) is null).Select(m => Start(m, map, question)).ToArray())];
        bool judges = Compares && maps.Any(m => !IsBaseline(m.Map.Method));
        Measurement[] draws = judges
            ? [.. Enumerable.Range(0, RandomDraws).Select(draw => Deletion(RandomMap.Blocks, (uint)draw, question))] : [];
        Measurement? edges = judges ? Deletion(SobelMap.Instance, 0, question) : null;
        Measurement[] shared = [.. _deletions.Values.Except(found.SelectMany(f => f)).Where(m => !m.IsDone)];
        _scores.Run(maps[0].Watched, [.. found.SelectMany(f => f).Distinct().Where(m => !m.IsDone), .. shared]);
        return
        [
            .. maps.Select((map, i) =>
            {
                EvidenceFinding[] findings = [.. found[i].Select(m => m.Finding)];
                return new MapEvidence([.. findings],
                    [.. Verdict.Of(findings, map, () => draws.Average(d => d.Finding.Values[0]), () => edges!.Finding.Values[0])])
                {
                    Passes = found[i].Concat(i == 0 ? shared : []).Sum(m => m.Passes),
                };
            }),
        ];
    }

    private Measurement Start(EvidenceMetric metric, EvidenceRequest map, AttributionRequest question) =>
        metric == PixelCurve.Deletion && IsBaseline(map.Map.Method) ? Deletion(map.Map.Method, 0, question) : new Measurement(metric, map);

    private static bool IsBaseline(AttributionMethod method) => BaselineMaps.All.Contains(method);

    /// <summary>The deletion of a baseline; blocks at random are taken a few times, since one draw alone may happen to mark the
    /// object.</summary>
    private Measurement Deletion(AttributionMethod baseline, uint draw, AttributionRequest question)
    {
        if (!_deletions.TryGetValue((baseline, draw), out Measurement? measurement))
        {
            AttributionRequest asked = question with
            {
                Options = baseline.Configure(), Seed = question.Seed + draw, Progress = null, Record = null,
            };
            var map = new EvidenceRequest(asked, baseline.Explain(asked)) { Options = _options, Scores = _scores };
            _deletions[(baseline, draw)] = measurement = new Measurement(PixelCurve.Deletion, map);
        }

        return measurement;
    }
}

/// <summary>What is known of one map.</summary>
/// <param name="Findings">What the metrics found, in their order, without those that could not be measured.</param>
/// <param name="Verdicts">What is wrong with it; empty if nothing was found.</param>
public sealed record MapEvidence(ImmutableArray<EvidenceFinding> Findings, ImmutableArray<Verdict> Verdicts)
{
    /// <summary>
    /// Changed images that were run for it, without those that an earlier map of the image had wanted; with the first map those of the
    /// baselines that verdicts compare with.
    /// </summary>
    public int Passes { get; init; }

    /// <summary>A column's value, or NaN if it was not measured.</summary>
    public double this[string column] => Findings.FirstOrDefault(f => f.Metric.Columns.Any(c => c.Name == column))?[column] ?? double.NaN;
}
