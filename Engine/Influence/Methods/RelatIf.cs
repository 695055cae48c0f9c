namespace Interp.Engine.Influence.Methods;

/// <summary>
/// δ_i = (1/n) ∇ℓ_tᵀ H⁻¹ ∇ℓ_i / ‖H⁻¹ ∇ℓ_i‖: the estimate of <see cref="FirstOrder"/> by how far the head moves when the image goes, so that an
/// image that moves everything is not the answer to every question (E. Barshan, M.-E. Brunet, G. Dziugaite, "RelatIF: identifying explanatory
/// training examples via relative influence", AISTATS 2020, θ-RelatIF). One linear system each training image, once a head.
/// </summary>
internal sealed class RelatIf() : InfluenceMethod(
    "relatif", "influence by how far the head moves without the image", "Barshan et al. 2020, θ-RelatIF")
{
    private protected override InfluenceScores Compute(
        InfluenceProblem problem, TestBatch tests, Action<InfluenceProgress>? progress, CancellationToken cancel)
    {
        var solves = ImageSolves.Of(problem, progress, cancel);
        InfluenceScores first = InfluenceMethods.Influence.Scores(problem, tests.Tests, progress, cancel);
        return new InfluenceScores(
            [.. first.Values.Select(row => row.Select((v, i) => solves.Length[i] > 0 ? v / solves.Length[i] : 0).ToArray())],
            Math.Max(first.Residual, solves.Residual));
    }
}
