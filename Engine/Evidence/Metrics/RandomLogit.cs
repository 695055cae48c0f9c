using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Evidence.Numerics;

namespace Interp.Engine.Evidence.Metrics;

/// <summary>
/// The random-logit test (L. Sixt, M. Granz, T. Landgraf, arXiv 1912.09818, section 5): the same method's map of another class, drawn at
/// random, compared
/// with the map by Spearman's rank correlation of |a| and by structural similarity. A map that stays the same does not say why it is this
/// class.
/// </summary>
internal sealed class RandomLogit : EvidenceMetric
{
    /// <inheritdoc/>
    public override string Name => "random-logit";

    /// <inheritdoc/>
    public override string Title => "Random-logit test";

    /// <inheritdoc/>
    public override string Summary => "how alike the map is to that of another class, drawn at random";

    /// <inheritdoc/>
    public override string Paper => "L. Sixt, M. Granz, T. Landgraf, arXiv 1912.09818";

    /// <inheritdoc/>
    public override IReadOnlyList<EvidenceColumn> Columns =>
    [
        new("random-logit-spearman", "rank correlation with the map of another class, -1 to 1", Better.Lower),
        new("random-logit-ssim", "structural similarity with it, -1 to 1", Better.Lower),
    ];

    /// <inheritdoc/>
    public override EvidenceCost Cost(EvidenceOptions options) => new(0, 1);

    /// <inheritdoc/>
    public override string? Obstacle(EvidenceRequest request) =>
        request.Question.Target is not ClassTarget target ? "the target is not a class"
        : request.Question.Network.Classes - (target.Against is null ? 1 : 2) < 1 ? "the network has no other class"
        : null;

    /// <inheritdoc/>
    protected override EvidenceFinding Compute(EvidenceRequest request)
    {
        var target = (ClassTarget)request.Question.Target;
        int[] others = [.. Enumerable.Range(0, request.Question.Network.Classes).Where(c => c != target.Id && c != target.Against)];
        int other = others[(int)(others.Length * new Rng(request.Options.Seed, EvidenceStreams.OtherClass).Uniform((ulong)target.Id))];
        float[] plane = MapPlane.Of(request.Again(request.Question with { Target = target with { Id = other } }));
        return new EvidenceFinding(MapSimilarity.Spearman(request.Plane, plane), MapSimilarity.Ssim(request.Plane, plane, request.Size));
    }
}
