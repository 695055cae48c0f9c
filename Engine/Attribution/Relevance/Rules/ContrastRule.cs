using Interp.Engine.Attribution.Relevance.Parts;

namespace Interp.Engine.Attribution.Relevance.Rules;

/// <summary>
/// Contrastive winning probabilities: those of a unit less those of its dual, whose weights have the other sign, each by the z⁺ rule
/// without biases (J. Zhang et al., arXiv 1608.00507, section 3.4).
/// </summary>
internal sealed class ContrastRule() : LinearRule(
    "contrast",
    new TermGroup(
        1,
        new Term(InputPart.Positive, WeightPart.Positive, Bias: false),
        new Term(InputPart.Negative, WeightPart.Negative, Bias: false)),
    new TermGroup(
        -1,
        new Term(InputPart.Positive, WeightPart.Negative, Bias: false),
        new Term(InputPart.Negative, WeightPart.Positive, Bias: false)));
