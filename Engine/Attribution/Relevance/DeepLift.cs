using Interp.Engine.Graph;

namespace Interp.Engine.Attribution.Relevance;

/// <summary>
/// DeepLIFT with the rescale rule: multipliers m, slopes ΔS/Δa between the image x and a baseline x′, handed down by the chain rule, and
/// contributions (x − x′) ⊙ m, whose sum is S(x) − S(x′). Linear layers hand down by their weights; ReLUs and max-pools as captum does it.
/// The baseline is black unless another is asked for; <c>mean</c> is zero in network units. Multipliers always start from the logit, for a
/// probability too.
/// </summary>
/// <remarks>A. Shrikumar, P. Greenside, A. Kundaje, "Learning important features through propagating activation differences", ICML
/// 2017.</remarks>
internal sealed class DeepLift : AttributionMethod
{
    private static readonly MethodOption<Baseline> BaselineOption = Baseline.Option(
        "baseline", "the image that is compared with", Baseline.Black, Baseline.Mean, Baseline.Blur, Baseline.White);

    /// <inheritdoc/>
    public override string Name => "deeplift";

    /// <inheritdoc/>
    public override string Title => "DeepLIFT (rescale rule)";

    /// <inheritdoc/>
    public override string Summary =>
        "what each value adds to the target's difference from a baseline, by slopes between the two instead of gradients";

    /// <inheritdoc/>
    public override string Formula => "(x − x') ⊙ m, m = ΔS/Δx by the chain rule of slopes Δb/Δa between the image x and the baseline x'";

    /// <inheritdoc/>
    public override string Paper => "A. Shrikumar, P. Greenside, A. Kundaje, arXiv 1704.02685";

    /// <inheritdoc/>
    public override AttributionKind Kind => AttributionKind.Contribution;

    /// <inheritdoc/>
    public override IReadOnlyList<MethodOption> Options { get; } = [BaselineOption, Through.Option];

    /// <inheritdoc/>
    public override void Check(Network network, OptionValues values) => Through.Of(network, values);

    /// <inheritdoc/>
    protected override Explanation Compute(AttributionRequest request)
    {
        float[] x = request.Input.Tensor;
        float[] reference = request.Options.Get(BaselineOption).Of(request.Input, request.Network.Preprocessing);
        Through? through = Through.Of(request.Network, request.Options);
        using var walk = new RelevanceWalk(request, Composites.DeepLift, request.Network.Input, reference, through);
        float[] multipliers = walk.Run(walk.Gradient);
        var contributions = new float[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            contributions[i] = multipliers[i] * (x[i] - reference[i]);
        }

        // Multipliers below the layer add up to the layer's own differences, Σ_i m_ij Δx_i = Δa_j.
        double difference = walk.Account?.Kept ?? (walk.Score() - walk.Score(of: 1));
        return new Explanation(contributions)
        {
            Facts =
            [
                .. RelevanceFacts.Start(request.Target),
                new Fact("baseline_score", walk.Score(of: 1)),
                .. walk.Account?.Facts ?? [],
                new Fact("completeness_error", Math.Abs(Elementwise.Sum(contributions) - difference)),
            ],
            Diagnosis = walk.Account?.Diagnosis ?? [],
        };
    }
}
