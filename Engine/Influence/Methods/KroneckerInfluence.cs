namespace Interp.Engine.Influence.Methods;

/// <summary>δ_i = (1/n) ∇ℓ_tᵀ Ĥ⁻¹ ∇ℓ_i with the Ĥ of <see cref="KroneckerFactors"/>: no linear system is solved, and no test image costs
/// more than a few products. Its eigenvectors take time with the cube of the features.</summary>
internal sealed class KroneckerInfluence() : InfluenceMethod(
    "ekfac", "first-order change of loss by a Kronecker-factored Hessian", "Grosse et al. 2023", isLoss: true)
{
    private protected override InfluenceScores Compute(
        InfluenceProblem problem, TestBatch tests, Action<InfluenceProgress>? progress, CancellationToken cancel)
    {
        var factors = KroneckerFactors.Of(problem, cancel);
        var values = new double[tests.Count][];
        for (int t = 0; t < values.Length; t++)
        {
            cancel.ThrowIfCancellationRequested();
            values[t] = [.. problem.GradientProducts(factors.Solve(tests.Gradient(t))).Select(v => v / problem.Count)];
            progress?.Invoke(new InfluenceProgress(Name, t + 1, values.Length));
        }

        return new InfluenceScores(values);
    }
}
