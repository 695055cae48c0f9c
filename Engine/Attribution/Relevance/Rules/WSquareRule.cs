using Interp.Engine.Attribution.Relevance.Parts;

namespace Interp.Engine.Attribution.Relevance.Rules;

/// <summary>
/// The w² rule: R_i = Σ_j w_ij² R_j / (Σ_i w_ij² + b_j²), for first layers whose inputs have no bounds (G. Montavon et al., Pattern
/// Recognition 65, 2017, without biases; with them as in zennit).
/// </summary>
/// <param name="bias">Whether biases stand in the denominator.</param>
public sealed class WSquareRule(bool bias = true) : LinearRule(
    RuleName.Of("w-square", bias),
    new TermGroup(1, new Term(InputPart.Ones, WeightPart.Squared, bias)));
