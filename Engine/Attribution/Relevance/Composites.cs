using Interp.Engine.Attribution.Relevance.Multipliers;
using Interp.Engine.Attribution.Relevance.Rules;
using Interp.Engine.Common;
using Interp.Engine.Layers;

namespace Interp.Engine.Attribution.Relevance;

/// <summary>Every composite: lists of rules by layer. Those for LRP are named and follow zennit's of the same names.</summary>
internal static class Composites
{
    /// <summary>The composites of LRP; a new one is one line here.</summary>
    public static Catalog<LrpComposite> Lrp { get; } = new(
        "composite",
        c => c.Name,
        new("epsilon-gamma-box", (epsilon, gamma) => [RuleFor.First<Conv2d>(new ZBoxRule()), .. Layers(new GammaRule(gamma), new EpsilonRule(epsilon))]),
        new("epsilon-plus", (epsilon, _) => Layers(new ZPlusRule(bias: true), new EpsilonRule(epsilon))),
        new("epsilon-alpha2-beta1", (epsilon, _) => Layers(new AlphaBetaRule(2), new EpsilonRule(epsilon))),
        new("epsilon-plus-flat", (epsilon, _) => [.. First(new FlatRule()), .. Layers(new ZPlusRule(bias: true), new EpsilonRule(epsilon))]),
        new("epsilon-alpha2-beta1-flat", (epsilon, _) => [.. First(new FlatRule()), .. Layers(new AlphaBetaRule(2), new EpsilonRule(epsilon))]),
        new("epsilon", (epsilon, _) => Everywhere(new EpsilonRule(epsilon))),
        new("gamma", (_, gamma) => Everywhere(new GammaRule(gamma))),
        new("z-plus", (_, _) => Everywhere(new ZPlusRule(bias: true))),
        new("alpha2-beta1", (_, _) => Everywhere(new AlphaBetaRule(2))),
        new("flat", (_, _) => Everywhere(new FlatRule())));

    /// <summary>Deep Taylor decomposition: z⁺ everywhere, z^B where pixels come in.</summary>
    public static Composite DeepTaylor { get; } = new("deep-taylor", [.. First(new ZBoxRule()), .. Everywhere(new ZPlusRule(bias: false))]);

    /// <summary>Excitation backpropagation: z⁺ everywhere.</summary>
    public static Composite Excitation { get; } = new("excitation-backprop", Everywhere(new ZPlusRule(bias: false)));

    /// <summary>DeepLIFT with the rescale rule.</summary>
    public static Composite DeepLift { get; } = new(
        "deeplift",
        RuleFor.Kind<Conv2d>(new TransposeRule()),
        RuleFor.Kind<Linear>(new TransposeRule()),
        RuleFor.Kind<AdaptiveAvgPool2d>(new TransposeRule()),
        RuleFor.Kind<ReLU>(new RescaleRule()),
        RuleFor.Kind<MaxPool2d>(new RescalePoolRule()),
        RuleFor.Kind<Add>(new CopyRule()),
        RuleFor.Kind<Concat>(new SplitRule()),
        RuleFor.Kind<Dropout>(new PassRule()),
        RuleFor.Kind<Identity>(new PassRule()),
        RuleFor.Kind<Flatten>(new PassRule()));

    private static IEnumerable<RuleFor> First(LayerRule rule) => [RuleFor.First<Conv2d>(rule), RuleFor.First<Linear>(rule)];

    private static IEnumerable<RuleFor> Everywhere(LayerRule rule) => Layers(rule, rule);

    private static IEnumerable<RuleFor> Layers(LayerRule conv, LayerRule linear) =>
    [
        RuleFor.Kind<Conv2d>(conv),
        RuleFor.Kind<Linear>(linear),
        RuleFor.Kind<ReLU>(new PassRule()),
        RuleFor.Kind<Softmax>(new PassRule()),
        RuleFor.Kind<Dropout>(new PassRule()),
        RuleFor.Kind<Identity>(new PassRule()),
        RuleFor.Kind<Flatten>(new PassRule()),
        RuleFor.Kind<MaxPool2d>(new WinnerRule()),
        RuleFor.Kind<AdaptiveAvgPool2d>(new EpsilonRule()),
        RuleFor.Kind<Add>(new SumRule()),
        RuleFor.Kind<Concat>(new SplitRule()),
    ];
}

/// <summary>A composite of LRP by name.</summary>
/// <param name="Name">The name used on the command line.</param>
/// <param name="Rules">Its rules for given ε and γ.</param>
internal sealed record LrpComposite(string Name, Func<double, double, IEnumerable<RuleFor>> Rules)
{
    /// <summary>Whether one of its rules is the one of that name; a composite's name lists those that take a number.</summary>
    public bool Has(string rule) => Name.Contains(rule, StringComparison.Ordinal);
}
