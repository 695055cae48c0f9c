using Interp.Engine.Attribution.Relevance.Parts;

namespace Interp.Engine.Attribution.Relevance.Rules;

/// <summary>
/// One product of a denominator: a part of the input through a part of the weights, plus the same part of the biases if they take part.
/// </summary>
/// <param name="Input">The part of the input.</param>
/// <param name="Weights">The part of the weights.</param>
/// <param name="Bias">Whether biases take part.</param>
/// <param name="Sign">+1 or −1.</param>
public sealed record Term(InputPart Input, WeightPart Weights, bool Bias = true, int Sign = 1);

/// <summary>
/// Terms that share a denominator: z = Σ_t sign_t·(W_t x_t + b_t), s = R / (z + ε·sign z) with sign 0 = 1, and each input receives
/// factor · Σ_t sign_t · x_t ⊙ W_tᵀ s.
/// </summary>
/// <param name="Factor">What the group counts for.</param>
/// <param name="Terms">The terms.</param>
public sealed record TermGroup(float Factor, params IReadOnlyList<Term> Terms)
{
    /// <summary>ε, at least 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    public double Epsilon
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(Epsilon), value, "expected 0 or more");
    }
    = Elementwise.Stabilizer;

    /// <summary>Whether z is the layer's own output.</summary>
    internal bool IsOutput => Terms is [{ Input: InputPart.Own, Bias: true, Sign: 1 } only] && only.Weights == WeightPart.Own;

    /// <summary>The outputs for which the group is used: 1 for those above zero, −1 for those below, 0 for all.</summary>
    public int OutputSign { get; init; }
}
