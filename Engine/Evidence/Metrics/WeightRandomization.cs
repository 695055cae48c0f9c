using Interp.Engine.Attribution;
using Interp.Engine.Evidence.Numerics;
using Interp.Engine.Graph;

namespace Interp.Engine.Evidence.Metrics;

/// <summary>
/// Model-parameter randomisation (J. Adebayo, J. Gilmer, M. Muelly, I. Goodfellow, M. Hardt, B. Kim, arXiv 1810.03292): the same method
/// with the same
/// target on the network whose layers are re-drawn from the top down in stages (<see cref="RandomizedNetworks"/>), compared with the map by
/// Spearman's rank
/// correlation of |a| and by structural similarity. The values are those of the last stage, in which no layer is the network's own; the
/// curves have all
/// stages, over the share of layers re-drawn. A map that stays alike shows the image, not what the network has learnt.
/// </summary>
internal sealed class WeightRandomization : EvidenceMetric
{
    /// <inheritdoc/>
    public override string Name => "randomization";

    /// <inheritdoc/>
    public override string Title => "Model-parameter randomisation";

    /// <inheritdoc/>
    public override string Summary => "how alike the map stays when the network's weights are re-drawn at random, from the top down";

    /// <inheritdoc/>
    public override string Paper => "J. Adebayo and others, arXiv 1810.03292";

    /// <inheritdoc/>
    public override IReadOnlyList<EvidenceColumn> Columns =>
    [
        new("randomization-spearman", "rank correlation with the map of random weights, -1 to 1", Better.Lower),
        new("randomization-ssim", "structural similarity with it, -1 to 1", Better.Lower),
    ];

    /// <inheritdoc/>
    public override EvidenceCost Cost(EvidenceOptions options) => new(0, options.RandomizationStages);

    /// <inheritdoc/>
    protected override IEnumerable<EvidenceStep> Compute(EvidenceRequest request)
    {
        AttributionRequest question = request.Question;
        var networks = RandomizedNetworks.Of(question.Network, request.Options.Seed);
        int stages = Math.Min(request.Options.RandomizationStages, networks.Layers);
        List<double> shares = [0], spearman = [1], ssim = [1];
        for (int stage = 1; stage <= stages; stage++)
        {
            int layers = (int)Math.Round((double)stage * networks.Layers / stages);
            Network network = networks.Cascade(layers, question.Explainer.Backend.Info.Threads);
            using Explainer explainer = question.Explainer.With(network);
            float[] other = MapPlane.Of(request.Again(question with { Explainer = explainer, Target = Moved(question.Target, network) }));
            shares.Add((double)layers / networks.Layers);
            spearman.Add(MapSimilarity.Spearman(request.Plane, other));
            ssim.Add(MapSimilarity.Ssim(request.Plane, other, request.Size));
        }

        yield return new EvidenceFinding(spearman[^1], ssim[^1])
        {
            Curves = [EvidenceFinding.Curve("randomization-spearman", shares, spearman),
                EvidenceFinding.Curve("randomization-ssim", shares, ssim)],
        };
    }

    private static Target Moved(Target target, Network network) =>
        target is UnitTarget unit ? unit with { Layer = network.Find(unit.Layer.Name) } : target;
}
