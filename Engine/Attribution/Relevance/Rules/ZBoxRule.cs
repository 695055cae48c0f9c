using Interp.Engine.Attribution.Relevance.Parts;

namespace Interp.Engine.Attribution.Relevance.Rules;

/// <summary>
/// The z^B rule for pixels between l (black) and h (white): R_i = Σ_j (x_i w_ij − l_i w⁺_ij − h_i w⁻_ij) R_j / Σ_i (x_i w_ij − l_i w⁺_ij −
/// h_i w⁻_ij) (G. Montavon et al., Pattern Recognition 65, 2017). Biases, treated like weights of an input that is always 1, cancel out.
/// </summary>
public sealed class ZBoxRule() : LinearRule(
    "z-box",
    new TermGroup(
        1,
        new Term(InputPart.Own, WeightPart.Own, Bias: false),
        new Term(InputPart.Lowest, WeightPart.Positive, Bias: false, Sign: -1),
        new Term(InputPart.Highest, WeightPart.Negative, Bias: false, Sign: -1)));
