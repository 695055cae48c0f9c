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
        new("epsilon-gamma-box", (e, g) =>
            [OnImage(new ZBoxRule(), Conv2d.Name, ChannelAffine.Name), .. Layers(new GammaRule(g), new EpsilonRule(e))]),
        new("epsilon-plus", (e, _) => Layers(new ZPlusRule(), new EpsilonRule(e))),
        new("epsilon-alpha2-beta1", (e, _) => Layers(new AlphaBetaRule(2), new EpsilonRule(e))),
        new("epsilon-plus-flat", (e, _) => [First(new FlatRule()), .. Layers(new ZPlusRule(), new EpsilonRule(e))]),
        new("epsilon-alpha2-beta1-flat", (e, _) => [First(new FlatRule()), .. Layers(new AlphaBetaRule(2), new EpsilonRule(e))]),
        new("epsilon", (e, _) => Everywhere(new EpsilonRule(e))),
        new("gamma", (_, g) => Everywhere(new GammaRule(g))),
        new("z-plus", (_, _) => Everywhere(new ZPlusRule())),
        new("alpha2-beta1", (_, _) => Everywhere(new AlphaBetaRule(2))),
        new("flat", (_, _) => Everywhere(new FlatRule())));

    /// <summary>Deep Taylor decomposition: z⁺ everywhere, z^B where pixels come in.</summary>
    public static Composite DeepTaylor { get; } = new("deep-taylor", [First(new ZBoxRule()), .. Exciting]);

    /// <summary>Excitation backpropagation: z⁺ everywhere.</summary>
    public static Composite Excitation { get; } = new("excitation-backprop", Exciting);

    /// <summary>DeepLIFT with the rescale rule.</summary>
    public static Composite DeepLift { get; } = Composite.Complete(
        "deeplift",
        For(
            new TransposeRule(), [Conv2d.Name, Linear.Name, ChannelAffine.Name, AdaptiveAvgPool2d.Name, AvgPool2d.Name,
            ChannelSlice.Name, ChannelShuffle.Name, Upsample.Name, .. Pad2d.Kinds]),
        new(LayerSelector.All, new RescaleRule()) { MayBeIdle = true },
        For(new RescalePoolRule(), MaxPool2d.Name, AdaptiveMaxPool2d.Name),
        For(new ProductRule(), Multiply.Name),
        For(new LayerNormMultiplierRule(), [LayerNorm.Name, .. GroupNorm.Kinds]),
        For(new ExtremumRule(), Extremum.Kinds),
        For(new CopyRule(), Add.Name),
        For(new SplitRule(), Concat.Name),
        For(new PassRule(), Dropout.Name, Identity.Name, Flatten.Name));

    /// <summary>z⁺ without biases for all layers that add up, sums and pools included, so that nothing turns negative.</summary>
    private static IEnumerable<RuleFor> Exciting =>
    [
        For(new ZPlusRule(bias: false), Conv2d.Name, Linear.Name, ChannelAffine.Name, AdaptiveAvgPool2d.Name, AvgPool2d.Name),
        For(new PositiveSumRule(), Add.Name),
        For(new PositiveLayerNormRule(), [LayerNorm.Name, .. GroupNorm.Kinds]),
    ];

    private static IEnumerable<RuleFor> Everywhere(LayerRule rule) => Layers(rule, rule);

    /// <summary>Rules by kind. A scale and shift of channels, a neuron of one input each, follows what convolutions do, but for
    /// α-β: without a second input there is nothing to set against what excites, so that β would only add to α.</summary>
    private static IEnumerable<RuleFor> Layers(LayerRule conv, LayerRule linear) =>
    [
        For(conv, Conv2d.Name), For(linear, Linear.Name), For(conv is AlphaBetaRule ? new ZPlusRule() : conv, ChannelAffine.Name),
    ];

    private static RuleFor First(LayerRule rule) => OnImage(rule, Conv2d.Name, Linear.Name, ChannelAffine.Name);

    private static RuleFor OnImage(LayerRule rule, params string[] kinds) => new(LayerSelector.OnImage(kinds), rule) { MayBeIdle = true };

    private static RuleFor For(LayerRule rule, params string[] kinds) => new(LayerSelector.Kind(kinds), rule) { MayBeIdle = true };
}
