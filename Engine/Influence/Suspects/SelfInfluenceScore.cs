namespace Interp.Engine.Influence.Suspects;

/// <summary>∇ℓ_iᵀ H⁻¹ ∇ℓ_i: to first order n times the rise of the image's own loss when it is removed, so how much of what the head says of
/// the image it says only because of the image (P. Koh, P. Liang, 2017, section 5.4). One linear system an image.</summary>
internal sealed class SelfInfluenceScore() : SuspectScore(
    "self-influence", "the image's influence on its own loss", "Koh & Liang 2017, section 5.4")
{
    /// <inheritdoc/>
    public override double[] Of(
        InfluenceProblem problem, Action<InfluenceProgress>? progress = null, CancellationToken cancel = default) =>
        [.. ImageSolves.Of(problem, progress, cancel).SelfInfluence];
}
