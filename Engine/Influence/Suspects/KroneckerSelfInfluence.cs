namespace Interp.Engine.Influence.Suspects;

/// <summary>∇ℓ_iᵀ Ĥ⁻¹ ∇ℓ_i with the Ĥ of <see cref="KroneckerFactors"/>: <see cref="SelfInfluenceScore"/> without linear systems.</summary>
internal sealed class KroneckerSelfInfluence() : SuspectScore(
    "self-ekfac", "the image's influence on its own loss by a Kronecker-factored Hessian", "Grosse et al. 2023")
{
    /// <inheritdoc/>
    public override double[] Of(
        InfluenceProblem problem, Action<InfluenceProgress>? progress = null, CancellationToken cancel = default) =>
        KroneckerFactors.Of(problem, cancel).SelfProducts();
}
