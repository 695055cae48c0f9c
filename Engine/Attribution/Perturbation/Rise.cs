using Interp.Engine.Backends;
using Interp.Engine.Common;

namespace Interp.Engine.Attribution.Perturbation;

/// <summary>
/// RISE: the image behind many random masks M_i, and each mask weighed by what the network still sees: H = Σ_i S(x ⊙ M_i) M_i / (N p),
/// <c>[1,H,W]</c>; or, with <c>--mask-sum</c>, divided at each pixel by Σ_i M_i instead of its expectation N p. Masked pixels take the mean
/// colour (zero in network units). V. Petsiuk, A. Das, K. Saenko, arXiv 1806.07421, official code; its 4000 masks are 1000 here, for the
/// CPU. One forward pass a mask.
/// </summary>
/// <remarks>
/// S is the probability of the target's class, as in the paper, also where the target is its logit: weights must have a zero that means
/// "nothing seen", and a logit has none, so that its level would drown the map. <c>--score target</c> weighs by the target as it is; a
/// target that is no class always does.
/// </remarks>
internal sealed class Rise : AttributionMethod
{
    private const string Probability = "probability";

    private readonly MethodOption<int> _samples = PerturbationOptions.Samples("number of masks; the paper uses 4000", 1000);
    private readonly MethodOption<int> _cells = MethodOption.Whole("cells", "cells along each side of a mask's grid", 7, 1, 64);
    private readonly MethodOption<double> _keep =
        MethodOption.Real("keep", "probability with which a cell of a mask keeps the image", 0.5, 0.01, 0.99);
    private readonly MethodOption<bool> _maskSum =
        MethodOption.Switch("mask-sum", "divide each pixel by the sum of its masks rather than by the sum's expectation");

    private readonly MethodOption<string> _score = MethodOption.Choice(
        "score",
        "what a mask is weighed by: the class's probability, or the target as it is",
        new Catalog<string>("score", s => s, Probability, "target"),
        Probability,
        s => s);

    /// <inheritdoc/>
    public override string Name => "rise";

    /// <inheritdoc/>
    public override string Title => "RISE";

    /// <inheritdoc/>
    public override string Summary => "mean of random masks, each weighed by the class's probability behind it";

    /// <inheritdoc/>
    public override string Formula =>
        "Σ_i p(x ⊙ M_i) M_i / (N q), M_i N random masks, p the class's probability, q the share that a mask keeps";

    /// <inheritdoc/>
    public override string Paper => "V. Petsiuk, A. Das, K. Saenko, arXiv 1806.07421";

    /// <inheritdoc/>
    public override AttributionKind Kind => AttributionKind.Map;

    /// <inheritdoc/>
    public override IReadOnlyList<MethodOption> Options => [_samples, _cells, _keep, _maskSum, _score];

    /// <inheritdoc/>
    public override Work EstimatedWork(AttributionRequest request) => new(request.Options.Get(_samples) + 1, 0);

    private static string? Problem(Target weighedBy, List<double> scores)
    {
        string advice = weighedBy is ClassTarget { Probability: true } ? "; weigh them by the target with option 'score' target" : "";
        string shows = $"the map shows where masks happen to overlap, not what the network looks at{advice}";
        return ConstantScore.Problem(weighedBy, scores, "the masks", shows, ConstantScore.OfLevels);
    }

    /// <inheritdoc/>
    protected override Explanation Compute(AttributionRequest request)
    {
        (int count, double keep) = (request.Options.Get(_samples), request.Options.Get(_keep));
        bool byProbability = request.Options.Get(_score) == Probability;
        Target target = byProbability && request.Target is ClassTarget c ? c with { Probability = true } : request.Target;
        (int height, int width) = (request.Input.Image.Height, request.Input.Image.Width);
        var masks = new RiseMasks(request.Seed, request.Options.Get(_cells), keep, (height, width));
        float[] image = request.Input.Tensor;
        var sums = new MaskSums(height * width);
        var inBatch = new Queue<float[]>();
        var scores = new List<double>(count);
        request.Batches(count, backward: false, Mask, [], (session, _, _) =>
        {
            foreach (double score in target.Scores(session))
            {
                scores.Add(score);
                sums.Add(inBatch.Dequeue(), score);
            }
        });
        return new Explanation(request.Options.Get(_maskSum) ? sums.OverMasks() : sums.Over(count * keep))
        {
            Facts =
            [
                new Fact("masks", count),
                new Fact("weighed_by", target.Description),
                new Fact("split_half_correlation", sums.SplitHalfCorrelation()),
            ],
            ConstantScore = Problem(target, scores),
        };

        void Mask(int index, Span<float> input)
        {
            float[] mask = masks[index];
            inBatch.Enqueue(mask);
            for (int i = 0; i < input.Length; i++)
            {
                input[i] = image[i] * mask[i % mask.Length];
            }
        }
    }
}
