using Interp.Engine.Attribution.Relevance.Parts;

namespace Interp.Engine.Attribution.Relevance.Rules;

/// <summary>
/// LRP-ε: R_i = x_i Σ_j w_ij R_j / (z_j + ε·sign z_j), z_j = Σ_i x_i w_ij + b_j (S. Bach et al., PLoS ONE 10(7), 2015, equation 58). Serves any layer that is
/// linear in its input, average pools too.
/// </summary>
/// <param name="epsilon">ε.</param>
internal sealed class EpsilonRule(double epsilon = Elementwise.Stabilizer)
    : LinearRule(new TermGroup(1, new Term(InputPart.Own, WeightPart.Own, Bias: true)) { Epsilon = epsilon });
