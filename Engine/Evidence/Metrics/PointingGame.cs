namespace Interp.Engine.Evidence.Metrics;

/// <summary>
/// The pointing game (J. Zhang, Z. Lin, J. Brandt, X. Shen, S. Sclaroff, arXiv 1608.00507, section 4.2): a hit if the largest value lies in
/// a box of the
/// class. Without the paper's margin of 15 pixels, which is meant for points given by people. If several pixels share the largest value,
/// the value is the
/// share of them that hits, what choosing one of them at random would give on average; so an empty map hits as often as chance.
/// </summary>
internal sealed class PointingGame : EvidenceMetric
{
    /// <inheritdoc/>
    public override string Name => "pointing";

    /// <inheritdoc/>
    public override string Title => "Pointing game";

    /// <inheritdoc/>
    public override string Summary => "whether the map's largest value lies in the object's box";

    /// <inheritdoc/>
    public override string Paper => "J. Zhang, Z. Lin, J. Brandt, X. Shen, S. Sclaroff, arXiv 1608.00507";

    /// <inheritdoc/>
    public override IReadOnlyList<EvidenceColumn> Columns => [new("pointing", "1 for a hit, else 0", Better.Higher)];

    /// <inheritdoc/>
    public override EvidenceCost Cost(EvidenceOptions options) => default;

    /// <inheritdoc/>
    public override string? Obstacle(EvidenceRequest request) => BoxLocalization.NoBox(request);

    /// <inheritdoc/>
    protected override IEnumerable<EvidenceStep> Compute(EvidenceRequest request)
    {
        float most = request.Plane.Max();
        int width = request.Size.Width;
        int[] peaks = [.. Enumerable.Range(0, request.Plane.Length).Where(i => request.Plane[i] == most)];
        yield return new EvidenceFinding((double)peaks.Count(i => request.Boxes.Any(b => b.Contains(i % width, i / width))) / peaks.Length);
    }
}
