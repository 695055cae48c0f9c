using Interp.Engine.Attribution.Relevance.Parts;

namespace Interp.Engine.Attribution.Relevance.Rules;

/// <summary>
/// LRP-γ: R_i = Σ_j x_i (w_ij + γ w⁺_ij) R_j / Σ_i x_i (w_ij + γ w⁺_ij) for inputs x ≥ 0 and outputs above zero (G. Montavon et al.,
/// "Layer-wise relevance propagation: an overview", 2019, section 10.2); in general, as in zennit, for outputs above zero what is positive,
/// x⁺w⁺ and x⁻w⁻, counts 1 + γ times, and for outputs below zero what is negative (L. Andéol et al., arXiv 2106.04428). Outputs of exactly
/// zero hand nothing on. Biases count like weights of an input that is always 1.
/// </summary>
/// <param name="gamma">γ, at least 0.</param>
/// <param name="bias">Whether biases stand in the denominator.</param>
public sealed class GammaRule(double gamma = GammaRule.Standard, bool bias = true) : LinearRule(
    RuleName.Of("gamma", gamma >= 0 ? gamma : throw new ArgumentOutOfRangeException(nameof(gamma), gamma, "expected 0 or more"), bias),
    new TermGroup(
        1,
        new Term(InputPart.Positive, WeightPart.MorePositive(gamma), bias),
        new Term(InputPart.Negative, WeightPart.MoreNegative(gamma), Bias: false)) { OutputSign = 1 },
    new TermGroup(
        1,
        new Term(InputPart.Positive, WeightPart.MoreNegative(gamma), bias),
        new Term(InputPart.Negative, WeightPart.MorePositive(gamma), Bias: false)) { OutputSign = -1 })
{
    /// <summary>The usual γ.</summary>
    public const double Standard = 0.25;
}
