using Interp.Engine.Attribution;

namespace Interp.Engine.Evidence.Metrics;

/// <summary>
/// Symmetric relevance gain (S. Blücher, J. Vielhaben, N. Strodthoff, arXiv 2401.06654): the area under the target while the pixels that
/// matter least go first, less that while those that matter most go first. Which of the two orders ranks methods how depends on what
/// replaces the pixels; their difference ranks them alike. Replaced by the mean colour, the second area is the deletion's; replaced by the
/// blurred image, the first one is the insertion's, read backwards. A map that says nothing has 0 on average.
/// </summary>
internal sealed class SymmetricGain : EvidenceMetric
{
    /// <inheritdoc/>
    public override string Name => "srg";

    /// <inheritdoc/>
    public override string Title => "Symmetric relevance gain";

    /// <inheritdoc/>
    public override string Summary =>
        "area under the class's probability while the pixels that matter least are replaced first, less that with those that matter most";

    /// <inheritdoc/>
    public override string Paper => "S. Blücher, J. Vielhaben, N. Strodthoff, arXiv 2401.06654";

    /// <inheritdoc/>
    public override IReadOnlyList<EvidenceColumn> Columns =>
    [
        new("srg", "gain with the mean colour, -1 to 1, by chance 0", Better.Higher),
        new("srg-blur", "gain with the blurred image, -1 to 1, by chance 0", Better.Higher),
        new("srg-least", "area while what matters least becomes the mean colour", Better.Higher),
    ];

    /// <inheritdoc/>
    public override EvidenceCost Cost(EvidenceOptions options) => new((4 * (ChangeCurve.Passes(options) - 2)) + 3, 0);

    /// <inheritdoc/>
    protected override IEnumerable<EvidenceStep> Compute(EvidenceRequest request)
    {
        float[] image = request.Input.Tensor, mean = request.Of(Baseline.Mean), blur = request.Of(Baseline.Blur);
        int[] order = request.Order;
        ChangeCurve most = PixelCurve.Deletion.CurveOf(request), inserted = PixelCurve.Insertion.CurveOf(request);
        var least = new ChangeCurve(
            request.Options, order.Length, n => EvidenceImage.Mixed(mean, image, order, order.Length - n), isLate: true);
        var blurred = new ChangeCurve(request.Options, order.Length, n => EvidenceImage.Mixed(image, blur, order, n), isLate: false);
        foreach (EvidenceImages step in Together(most, least, inserted, blurred))
        {
            yield return step;
        }

        yield return new EvidenceFinding(least.Area - most.Area, inserted.Area - blurred.Area, least.Area)
        {
            Curves = [least.Named("srg-least"), blurred.Named("srg-blur-most")],
        };
    }

    /// <summary>The steps of several curves, one of each at a time.</summary>
    private static IEnumerable<EvidenceImages> Together(params ChangeCurve[] curves)
    {
        IEnumerator<EvidenceImages>[] going = [.. curves.Select(c => c.Steps().GetEnumerator())];
        while ((going = [.. going.Where(g => g.MoveNext())]).Length > 0)
        {
            var all = new EvidenceImages([.. going.SelectMany(g => g.Current.Images)]);
            yield return all;
            int taken = 0;
            foreach (EvidenceImages step in going.Select(g => g.Current))
            {
                step.Scores = [.. all.Scores.Skip(taken).Take(step.Images.Count)];
                taken += step.Images.Count;
            }
        }
    }
}
