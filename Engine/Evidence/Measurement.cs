namespace Interp.Engine.Evidence;

/// <summary>One metric under way on one map.</summary>
/// <param name="metric">The metric.</param>
/// <param name="request">What it measures.</param>
internal sealed class Measurement(EvidenceMetric metric, EvidenceRequest request)
{
    private IEnumerator<EvidenceStep>? _steps;
    private EvidenceImages _wanted = new();
    private EvidenceFinding? _finding;

    /// <summary>What was found, at the end.</summary>
    public EvidenceFinding Finding => _finding ?? throw new InvalidOperationException($"{metric.Name} is not measured yet");

    /// <summary>Whether there is a finding.</summary>
    public bool IsDone => _finding is not null;

    /// <summary>Images that were run because this measurement was the first to want them.</summary>
    public int Passes { get; set; }

    /// <summary>Goes on as far as the known values allow; gives the images whose values are wanted next, none at the end.</summary>
    public IEnumerable<EvidenceImage> Advance(IReadOnlyDictionary<EvidenceImage, double> known)
    {
        _steps ??= metric.Steps(request).GetEnumerator();
        while (!IsDone && _wanted.Images.All(known.ContainsKey))
        {
            _wanted.Scores = [.. _wanted.Images.Select(i => known[i])];
            if (!_steps.MoveNext())
            {
                throw new InvalidOperationException($"{metric.Name} ended without a finding");
            }

            (_wanted, _finding) = _steps.Current is EvidenceImages images ? (images, null)
                : (new EvidenceImages(), metric.Checked((EvidenceFinding)_steps.Current));
        }

        return _wanted.Images.Where(i => !known.ContainsKey(i));
    }
}
