using Interp.Engine.Attribution.Relevance.Parts;

namespace Interp.Engine.Attribution.Relevance.Rules;

/// <summary>
/// The z⁺ rule: R_i = Σ_j z⁺_ij R_j / Σ_i z⁺_ij with z⁺_ij = max(x_i w_ij, 0) = x⁺w⁺ + x⁻w⁻ (G. Montavon et al., Pattern Recognition 65,
/// 2017, for x ≥ 0 and without biases). It is LRP-α1β0, in which positive biases stand in the denominator.
/// </summary>
/// <param name="bias">Whether they do.</param>
public sealed class ZPlusRule(bool bias = true) : LinearRule(
    RuleName.Of("z-plus", bias),
    new TermGroup(
        1,
        new Term(InputPart.Positive, WeightPart.Positive, bias),
        new Term(InputPart.Negative, WeightPart.Negative, Bias: false)));
