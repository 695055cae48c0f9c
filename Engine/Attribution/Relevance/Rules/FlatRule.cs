using Interp.Engine.Attribution.Relevance.Parts;

namespace Interp.Engine.Attribution.Relevance.Rules;

/// <summary>
/// The flat rule: R_i = Σ_j R_j / n_j, each output's relevance spread evenly over the n_j inputs that it sees (S. Lapuschkin et al., Nature
/// Communications 10, 2019).
/// </summary>
public sealed class FlatRule() : LinearRule("flat", new TermGroup(1, new Term(InputPart.Ones, WeightPart.Ones, Bias: false)));
