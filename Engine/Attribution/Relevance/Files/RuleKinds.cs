using Interp.Engine.Attribution.Relevance.Rules;
using Interp.Engine.Common;

namespace Interp.Engine.Attribution.Relevance.Files;

/// <summary>The rules that composite files can name.</summary>
internal static class RuleKinds
{
    private const double Most = 1e6;
    private const string Bias = "bias";

    /// <summary>The rules; a new one is one line here.</summary>
    public static Catalog<RuleKind> All { get; } = new(
        "rule",
        r => r.Name,
        new(
            "epsilon",
            "R_i = x_i Σ_j w_ij R_j / (z_j ± ε), z_j = Σ_i x_i w_ij + b_j. Parameters: epsilon (else option 'epsilon'), bias",
            ["epsilon", Bias],
            (f, d) => new EpsilonRule(f.Number("epsilon", 0, Most) ?? d.Epsilon, WithBias(f))),
        new(
            "gamma",
            "epsilon with what speaks for the output, (x w)⁺ for z > 0, 1 + γ times. Parameters: gamma (else option 'gamma'), bias",
            ["gamma", Bias],
            (f, d) => new GammaRule(f.Number("gamma", 0, Most) ?? d.Gamma, WithBias(f))),
        new(
            "z-plus",
            "R_i = Σ_j z⁺_ij R_j / (Σ_i z⁺_ij + b⁺_j), z⁺_ij = max(x_i w_ij, 0). Parameter: bias",
            [Bias],
            (f, _) => new ZPlusRule(WithBias(f))),
        new(
            "alpha-beta",
            "α times z-plus less β = α − 1 times the same of min(x_i w_ij, 0). Parameters: alpha (else 2), bias",
            ["alpha", Bias],
            (f, _) => new AlphaBetaRule(f.Number("alpha", 1, Most) ?? AlphaBetaRule.Standard, WithBias(f))),
        new(
            "z-box",
            "R_i = Σ_j q_ij R_j / Σ_i q_ij, q_ij = x_i w_ij − l_i w⁺_ij − h_i w⁻_ij, l black and h white; for layers that read the image",
            [],
            (_, _) => new ZBoxRule()),
        new("w-square", "R_i = Σ_j w_ij² R_j / (Σ_i w_ij² + b_j²). Parameter: bias", [Bias], (f, _) => new WSquareRule(WithBias(f))),
        new("flat", "R_i = Σ_j R_j / n_j over the n_j inputs of each output", [], (_, _) => new FlatRule()),
        new("norm", "R_k = x_k R / Σ_k x_k at sums and average pools, where it is the standard", [], (_, _) => new NormRule()),
        new("winner", "all to the largest input of a max-pool, where it is the standard", [], (_, _) => new WinnerRule()),
        new("split", "each channel of a concatenation, slice or shuffle to where it came from; their standard", [],
            (_, _) => new SplitRule()),
        new("gate", "all to the map and nothing to the gate of a product, where it is the standard", [], (_, _) => new GateRule()),
        new("layernorm", "epsilon of γ(x − μ)/σ + β with σ held, the standard of layernorm", [], (_, _) => new LayerNormRule()),
        new("pass", "R unchanged through activations, dropout, flattening, where it is the standard", [], (_, _) => new PassRule()));

    private static bool WithBias(JsonFields fields) => fields.Truth(Bias) ?? true;
}
