using Interp.Engine.Attribution.Relevance.Parts;

namespace Interp.Engine.Attribution.Relevance.Rules;

/// <summary>
/// LRP-ε: R_i = x_i Σ_j w_ij R_j / (z_j + ε·sign z_j), z_j = Σ_i x_i w_ij + b_j (S. Bach et al., PLoS ONE 10(7), 2015, equation 58). With ε
/// = 0 it is LRP-0, and a denominator of zero then gives infinities.
/// </summary>
/// <param name="epsilon">ε, at least 0.</param>
/// <param name="bias">Whether biases stand in the denominator.</param>
public sealed class EpsilonRule(double epsilon = Elementwise.Stabilizer, bool bias = true) : LinearRule(
    RuleName.Of("epsilon", epsilon, bias),
    new TermGroup(1, new Term(InputPart.Own, WeightPart.Own, bias)) { Epsilon = epsilon });
