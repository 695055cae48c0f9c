using Interp.Engine.Attribution.Relevance.Parts;

namespace Interp.Engine.Attribution.Relevance.Rules;

/// <summary>
/// LRP-αβ: R_i = Σ_j (α·z⁺_ij / (Σ_i z⁺_ij + b⁺_j) − β·z⁻_ij / (Σ_i z⁻_ij + b⁻_j)) R_j with β = α − 1, z⁺_ij = max(x_i w_ij, 0) and z⁻_ij = min(x_i w_ij, 0)
/// (S. Bach et al., PLoS ONE 10(7), 2015, equation 60).
/// </summary>
/// <param name="alpha">α, at least 1.</param>
internal sealed class AlphaBetaRule(double alpha) : LinearRule(
    new TermGroup(
        (float)alpha,
        new Term(InputPart.Positive, WeightPart.Positive, Bias: true),
        new Term(InputPart.Negative, WeightPart.Negative, Bias: false)),
    new TermGroup(
        (float)(1 - alpha),
        new Term(InputPart.Positive, WeightPart.Negative, Bias: true),
        new Term(InputPart.Negative, WeightPart.Positive, Bias: false)));
