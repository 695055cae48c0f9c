using Interp.Engine.Backends;
using Interp.Engine.Common;

namespace Interp.Engine.Attribution.Perturbation;

/// <summary>
/// RISE: the image behind many random masks M_i, and each mask weighed by what the network still sees. The map is E[S(x ⊙ M) M] / p,
/// <c>[1,H,W]</c>, estimated from N masks by one of <see cref="RiseEstimate"/>; the paper's is Σ_i S(x ⊙ M_i) M_i / (N p), or, with
/// <c>--mask-sum</c>, divided at each pixel by Σ_i M_i instead of its expectation N p. Masked pixels take the mean colour (zero in network
/// units). V. Petsiuk, A. Das, K. Saenko, arXiv 1806.07421, official code; its 4000 masks are 1000 here, for the CPU. One forward pass a
/// mask. A regression as control variate: R. Witter, Y. Liu, C. Musco, arXiv 2506.11849, there for Shapley values.
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
        MethodOption.Switch("mask-sum", "plain: divide each pixel by the sum of its masks rather than by the sum's expectation");

    private readonly MethodOption<string> _estimator = MethodOption.Choice(
        "estimator",
        "how the map is estimated: plain is the paper's, control leaves out the scores' level, regression fits them first",
        RiseEstimate.All,
        RiseEstimate.Regression,
        e => e);

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
        "E[p(x ⊙ M) M] / q, M a random mask, p the class's probability, q the share that a mask keeps; plain: Σ_i p(x ⊙ M_i) M_i / (N q)";

    /// <inheritdoc/>
    public override string Paper => "V. Petsiuk, A. Das, K. Saenko, arXiv 1806.07421";

    /// <inheritdoc/>
    public override AttributionKind Kind => AttributionKind.Map;

    /// <inheritdoc/>
    public override IReadOnlyList<MethodOption> Options =>
        [_samples, _cells, _keep, _estimator, _maskSum, _score, PerturbationOptions.StopAt];

    /// <inheritdoc/>
    public override Work EstimatedWork(AttributionRequest request) => new(request.Options.Get(_samples) + 1, 0);

    private static string? Problem(Target weighedBy, double[] scores, string kind)
    {
        string advice = weighedBy is ClassTarget { Probability: true } ? "; weigh them by the target with option 'score' target" : "";
        string map = kind == RiseEstimate.Plain ? "shows where masks happen to overlap" : "is nothing but this score";
        string shows = $"the map {map}, not what the network looks at{advice}";
        return ConstantScore.Problem(weighedBy, scores, "the masks", shows, ConstantScore.OfLevels);
    }

    /// <inheritdoc/>
    public override IEnumerable<(MethodOption Option, string Reason)> Idle(OptionValues values)
    {
        if (values.Get(_estimator) != RiseEstimate.Plain)
        {
            yield return (_maskSum, $"it applies to option '{_estimator.Name}' {RiseEstimate.Plain} alone");
        }
    }

    /// <inheritdoc/>
    protected override Explanation Compute(AttributionRequest request)
    {
        OptionValues options = request.Options;
        (int count, double keep, string kind) = (options.Get(_samples), options.Get(_keep), options.Get(_estimator));
        bool byProbability = request.Options.Get(_score) == Probability;
        Target target = byProbability && request.Target is ClassTarget c ? c with { Probability = true } : request.Target;
        int together = RiseEstimate.Together(kind);
        (int Height, int Width) size = (request.Input.Image.Height, request.Input.Image.Width);
        var masks = new RiseMasks(request.Seed, request.Options.Get(_cells), keep, size, together == 2);
        var estimate = new RiseEstimate(kind, masks, keep, request.Explainer.Backend.Info.Threads);
        var images = new RiseImages(masks, request.Input.Tensor);
        var scores = new double[count];
        Sampled sampled = Sampling.Run(request with { Target = target }, (count + together - 1) / together, together, Run, HalfMap);
        int run = Math.Min(count, sampled.Count * together);
        bool overMasks = kind == RiseEstimate.Plain && request.Options.Get(_maskSum);
        return new Explanation(overMasks ? estimate.OverMasks(scores[..run]) : estimate.Map(scores[..run]))
        {
            Facts = [new Fact("masks", run), new Fact("weighed_by", target.Description), .. sampled.Facts],
            Remarks = [.. sampled.Remarks],
            ConstantScore = Problem(target, scores[..run], kind),
        };

        void Run(AttributionRequest part, int first, int units)
        {
            int start = first * together, end = Math.Min(count, (first + units) * together);
            part.Scores(images, [.. Enumerable.Range(start, end - start)]).CopyTo(scores, start);
        }

        double[] HalfMap(int[] units)
        {
            int[] some = [.. units.SelectMany(u => Enumerable.Range(u * together, Math.Min(together, count - (u * together))))];
            return estimate.AtPoints(some, [.. some.Select(i => scores[i])]);
        }
    }
}
