namespace Interp.Engine.Influence.Suspects;

/// <summary>ℓ_i(W*) = −log p_{y_i}: what the head, trained on the image, still thinks of its label.</summary>
internal sealed class LossScore() : SuspectScore("loss", "the image's own loss", "baseline")
{
    /// <inheritdoc/>
    public override double[] Of(
        InfluenceProblem problem, Action<InfluenceProgress>? progress = null, CancellationToken cancel = default) =>
        [.. Enumerable.Range(0, problem.Count).Select(problem.Optimum.LossOf)];
}
