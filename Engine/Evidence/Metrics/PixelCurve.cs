using Interp.Engine.Attribution;

namespace Interp.Engine.Evidence.Metrics;

/// <summary>
/// Deletion and insertion (V. Petsiuk, A. Das, K. Saenko, arXiv 1806.07421): pixels are taken over from a second image in the order of
/// their attribution, largest first, and the target is watched: p(f) after a share f of the pixels. The value is the area under p, f from
/// 0 to 1 (<see cref="ChangeCurve"/>). Deletion goes from the image to the mean colour, zero in network units; insertion from the image
/// blurred (11 pixels, deviation 5) to the image.
/// </summary>
internal sealed class PixelCurve : EvidenceMetric
{
    private readonly bool _deletes;

    private PixelCurve(bool deletes) => _deletes = deletes;

    /// <summary>From the image to the mean colour.</summary>
    public static PixelCurve Deletion { get; } = new(true);

    /// <summary>From the blurred image to the image.</summary>
    public static PixelCurve Insertion { get; } = new(false);

    /// <inheritdoc/>
    public override string Name => _deletes ? "deletion" : "insertion";

    /// <inheritdoc/>
    public override string Title => _deletes ? "Deletion" : "Insertion";

    /// <inheritdoc/>
    public override string Summary => _deletes
        ? "area under the class's probability while the pixels that matter most are replaced by the mean colour"
        : "area under the class's probability while the pixels that matter most come back into the blurred image";

    /// <inheritdoc/>
    public override string Paper => "V. Petsiuk, A. Das, K. Saenko, arXiv 1806.07421";

    /// <inheritdoc/>
    public override IReadOnlyList<EvidenceColumn> Columns =>
        [new(Name, $"area under the {Name} curve, 0 to 1", _deletes ? Better.Lower : Better.Higher)];

    /// <inheritdoc/>
    public override EvidenceCost Cost(EvidenceOptions options) => new(ChangeCurve.Passes(options), 0);

    /// <inheritdoc/>
    protected override IEnumerable<EvidenceStep> Compute(EvidenceRequest request)
    {
        ChangeCurve curve = CurveOf(request);
        foreach (EvidenceImages step in curve.Steps())
        {
            yield return step;
        }

        yield return new EvidenceFinding(curve.Area) { Curves = [curve.Named(Name)] };
    }

    /// <summary>The curve that is measured.</summary>
    internal ChangeCurve CurveOf(EvidenceRequest request)
    {
        float[] image = request.Input.Tensor, other = request.Of(_deletes ? Baseline.Mean : Baseline.Blur);
        (float[] from, float[] to) = _deletes ? (image, other) : (other, image);
        int[] order = request.Order;
        return new ChangeCurve(request.Options, order.Length, n => EvidenceImage.Mixed(from, to, order, n), isLate: false);
    }
}
