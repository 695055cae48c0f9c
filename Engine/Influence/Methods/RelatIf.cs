namespace Interp.Engine.Influence.Methods;

/// <summary>
/// δ_i = (1/n) ∇ℓ_tᵀ H⁻¹ ∇ℓ_i / √(∇ℓ_iᵀ H⁻¹ ∇ℓ_i): the estimate of <see cref="FirstOrder"/> by how far the head's answers move when the
/// image goes, so that an image that moves everything is not the answer to every question (E. Barshan, M.-E. Brunet, G. Dziugaite,
/// "RelatIF: identifying explanatory training examples via relative influence", AISTATS 2020, ℓ-RelatIF). What is divided by is that of
/// <see cref="KroneckerFactors"/>, as the exact one needs a linear system for every training image.
/// </summary>
internal sealed class RelatIf() : InfluenceMethod(
    "relatif", "influence by how far the head's answers move without the image", "Barshan et al. 2020, ℓ-RelatIF")
{
    private protected override InfluenceScores Compute(
        InfluenceProblem problem, TestBatch tests, Action<InfluenceProgress>? progress, CancellationToken cancel)
    {
        double[] moves = KroneckerFactors.Of(problem, cancel).SelfProducts();
        InfluenceScores first = InfluenceMethods.Influence.Scores(problem, tests.Tests, progress, cancel);
        return first with
        {
            Values = [.. first.Values.Select(row => row.Select((v, i) => moves[i] > 0 ? v / Math.Sqrt(moves[i]) : 0).ToArray())],
        };
    }
}
