using Interp.Engine.Evidence.Numerics;

namespace Interp.Engine.Evidence.Metrics;

/// <summary>
/// How well a map finds an object whose box is known. <c>box-share</c>: the share of the positive attribution inside the boxes (H. Wang and
/// others,
/// Score-CAM, arXiv 1910.01279, section 4.3, "energy-based pointing game"). <c>box-iou</c>: pixels of at least 15 % of the largest value
/// are marked (R. Selvaraju
/// and others, Grad-CAM, arXiv 1610.02391, section 4.1; the CAM paper takes 20 %), the largest connected region of them, corners counting
/// as connected, gets
/// a box, and its intersection over union with the best of the given boxes is the value. <c>box-hit</c>: 1 if that is at least 0.5. The
/// threshold suits
/// smooth maps; the boxes of grainy ones are small.
/// </summary>
internal sealed class BoxLocalization : EvidenceMetric
{
    private const double Hit = 0.5;

    /// <inheritdoc/>
    public override string Name => "box";

    /// <inheritdoc/>
    public override string Title => "Box localisation";

    /// <inheritdoc/>
    public override string Summary => "how much of the map lies in the object's box, and how well a box around what it marks covers it";

    /// <inheritdoc/>
    public override string Paper => "R. Selvaraju and others, arXiv 1610.02391; H. Wang and others, arXiv 1910.01279";

    /// <inheritdoc/>
    public override IReadOnlyList<EvidenceColumn> Columns =>
    [
        new("box-share", "share of the positive attribution in the box, 0 to 1", Better.Higher),
        new("box-iou", "intersection over union of the map's box, 0 to 1", Better.Higher),
        new("box-hit", "1 if that is at least 0.5, else 0", Better.Higher),
    ];

    /// <inheritdoc/>
    public override EvidenceCost Cost(EvidenceOptions options) => default;

    /// <inheritdoc/>
    public override string? Obstacle(EvidenceRequest request) => NoBox(request);

    internal static string? NoBox(EvidenceRequest request) =>
        request.Boxes.Any(b => b.Area > 0) ? null : "no box inside the image is given";

    /// <inheritdoc/>
    protected override IEnumerable<EvidenceStep> Compute(EvidenceRequest request)
    {
        (int width, float most) = (request.Size.Width, request.Plane.Max());
        if (most <= 0)
        {
            yield return new EvidenceFinding(double.NaN, 0, 0);
            yield break;
        }

        double all = 0, inside = 0;
        for (int i = 0; i < request.Plane.Length; i++)
        {
            double v = Math.Max(0, request.Plane[i]);
            all += v;
            inside += request.Boxes.Any(b => b.Contains(i % width, i / width)) ? v : 0;
        }

        PixelBox found = LargestRegion.BoxOf(request.Plane, width, request.Options.BoxThreshold * most);
        double overlap = request.Boxes.Max(found.IntersectionOverUnion);
        yield return new EvidenceFinding(inside / all, overlap, overlap >= Hit ? 1 : 0);
    }
}
