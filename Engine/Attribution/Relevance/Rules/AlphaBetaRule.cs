using Interp.Engine.Attribution.Relevance.Parts;

namespace Interp.Engine.Attribution.Relevance.Rules;

/// <summary>
/// LRP-αβ: R_i = Σ_j (α·z⁺_ij / (Σ_i z⁺_ij + b⁺_j) − β·z⁻_ij / (Σ_i z⁻_ij + b⁻_j)) R_j with β = α − 1, z⁺_ij = max(x_i w_ij, 0) and z⁻_ij =
/// min(x_i w_ij, 0) (S. Bach et al., PLoS ONE 10(7), 2015, equation 60).
/// </summary>
/// <param name="alpha">α, at least 1.</param>
/// <param name="bias">Whether biases stand in the denominators.</param>
public sealed class AlphaBetaRule(double alpha = AlphaBetaRule.Standard, bool bias = true) : LinearRule(
    RuleName.Of("alpha-beta", alpha, bias),
    new TermGroup(
        alpha >= 1 ? (float)alpha : throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "expected 1 or more"),
        new Term(InputPart.Positive, WeightPart.Positive, bias),
        new Term(InputPart.Negative, WeightPart.Negative, Bias: false)),
    new TermGroup(
        (float)(1 - alpha),
        new Term(InputPart.Positive, WeightPart.Negative, bias),
        new Term(InputPart.Negative, WeightPart.Positive, Bias: false)))
{
    /// <summary>The usual α, with β = 1.</summary>
    public const double Standard = 2;
}
