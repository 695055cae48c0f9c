namespace Interp.Engine.Evidence.Metrics;

/// <summary>
/// Average drop and increase in confidence (A. Chattopadhyay, A. Sarkar, P. Howlader, V. Balasubramanian, Grad-CAM++, arXiv 1710.11063,
/// section 4.1): the
/// image x, in network units, is multiplied with the map m scaled to 0…1 (<see cref="MapPlane.Unit"/>), so that what the map leaves out
/// becomes the mean
/// colour. With Y = p(x) and O = p(m·x): drop = max(0, Y − O) / Y, and increase = 1 if O &gt; Y, else 0. Their means over images are the
/// paper's
/// numbers, as shares rather than percent.
/// </summary>
internal sealed class Confidence : EvidenceMetric
{
    /// <inheritdoc/>
    public override string Name => "confidence";

    /// <inheritdoc/>
    public override string Title => "Drop and increase in confidence";

    /// <inheritdoc/>
    public override string Summary => "how the class's probability changes when only what the map marks is left of the image";

    /// <inheritdoc/>
    public override string Paper => "A. Chattopadhyay, A. Sarkar, P. Howlader, V. Balasubramanian, arXiv 1710.11063";

    /// <inheritdoc/>
    public override IReadOnlyList<EvidenceColumn> Columns =>
    [
        new("drop", "share of the probability that is lost, 0 to 1", Better.Lower),
        new("increase", "1 if the probability rises, else 0", Better.Higher),
    ];

    /// <inheritdoc/>
    public override EvidenceCost Cost(EvidenceOptions options) => new(2, 0);

    /// <inheritdoc/>
    protected override IEnumerable<EvidenceStep> Compute(EvidenceRequest request)
    {
        var seen = new EvidenceImages(request.Whole, new Product(request.Input.Tensor, MapPlane.Unit(request.Plane)));
        yield return seen;
        (double whole, double part) = (seen.Scores[0], seen.Scores[1]);
        yield return new EvidenceFinding(Math.Max(0, whole - part) / whole, part > whole ? 1 : 0);
    }

    private sealed record Product(float[] Image, float[] Unit) : EvidenceImage
    {
        public override void Fill(Span<float> input)
        {
            for (int at = 0; at < input.Length; at++)
            {
                input[at] = Image[at] * Unit[at % Unit.Length];
            }
        }
    }
}
