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
    public override string? Obstacle(EvidenceRequest request) => ObstacleOf(request.Question);

    /// <inheritdoc/>
    protected override IEnumerable<EvidenceStep> Compute(EvidenceRequest request)
    {
        AttributionRequest question = request.Question;
        AttributionRequest asked = question with { Target = Other(question, request.Options.Seed), Replay = question.Record };
        float[] plane = MapPlane.Of(request.Again(asked));
        yield return new EvidenceFinding(
            MapSimilarity.Spearman(request.Plane, plane), MapSimilarity.Ssim(request.Plane, plane, request.Size));
    }

    /// <summary>The same scalar of the other class.</summary>
    /// <param name="question">Of a class, of which there are others.</param>
    /// <param name="seed">Where random numbers start.</param>
    internal static ClassTarget Other(AttributionRequest question, ulong seed)
    {
        var target = (ClassTarget)question.Target;
        int[] others = [.. Enumerable.Range(0, question.Network.Classes).Where(c => c != target.Id && c != target.Against)];
        return target with { Id = others[(int)(others.Length * new Rng(seed, EvidenceStreams.OtherClass).Uniform((ulong)target.Id))] };
    }

    /// <summary>Why the test cannot be made of the map of a question, or null.</summary>
    internal static string? ObstacleOf(AttributionRequest question) =>
        question.Target is not ClassTarget target ? "the target is not a class"
        : question.Network.Classes - (target.Against is null ? 1 : 2) < 1 ? "the network has no other class"
        : null;
}
