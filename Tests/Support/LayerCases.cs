using Interp.Engine.Functions;
using Interp.Engine.Graph;
using Interp.Engine.Layers;

namespace Interp.Tests.Support;

/// <summary>Cases of the layers of today's convolutional networks, each at channels that fill less than a vector, one, and more.</summary>
internal static class LayerCases
{
    private static readonly int[] s_channels = [1, 3, 15, 16, 17, 58];

    public static IEnumerable<KernelCase> All() =>
    [
        .. PaddedConvolutions(), .. GroupedConvolutions(), .. DepthwiseConvolutions(), .. PaddedPools(), .. AveragePools(), .. Pixels(),
        .. Layers(), .. Networks(),
    ];

    /// <summary>Padding that differs at the two ends, for every way to compute a convolution and its gradient.</summary>
    private static IEnumerable<KernelCase> PaddedConvolutions()
    {
        Window cut = Window.Square(3) with { Padding = new Size2(0, 1), PaddingEnd = new Size2(2, 0) };
        (string Name, Window Window, int C, int K, int H, int W, int Groups)[] table =
        [
            ("same 3x3", Same(3), 16, 33, 9, 14, 1),
            ("same 3x3, stride 2, even", Same(3, 2), 17, 20, 12, 10, 1),
            ("same 3x3, stride 2, odd", Same(3, 2), 17, 20, 11, 13, 1),
            ("same lower 3x3, stride 2", Same(3, 2, PaddingRule.SameLower), 20, 16, 12, 11, 1),
            ("same 2x2", Same(2), 18, 16, 7, 9, 1),
            ("same 4x4, stride 3, dilation 2", Same(4, 3, dilation: 2), 5, 6, 17, 16, 1),
            ("same 1x1, stride 3", Same(1, 3), 16, 17, 8, 10, 1),
            ("same 5x5, few channels", Same(5, 2), 3, 24, 20, 23, 1),
            ("same 6x6, dense input", Same(6, 1), 1, 9, 30, 21, 1),
            ("same 3x3, to few channels", Same(3, 1, dilation: 2), 20, 3, 21, 18, 1),
            ("same depthwise 3x3, stride 2", Same(3, 2), 33, 33, 14, 15, 33),
            ("same depthwise 5x5, stride 2", Same(5, 2, PaddingRule.SameLower), 20, 20, 16, 12, 20),
            ("uneven 3x3", cut, 20, 24, 12, 13, 1),
            ("uneven 3x3, few channels", cut, 3, 17, 20, 21, 1),
            ("uneven 3x3, to few channels", cut, 17, 2, 22, 19, 1),
            ("uneven 3x3, groups", cut, 24, 24, 10, 9, 6),
            ("uneven 3x3, stride 2", cut with { Stride = Size2.Square(2) }, 16, 18, 11, 12, 1),
            ("uneven 3x3, dilation 2", cut with { Dilation = Size2.Square(2) }, 16, 18, 15, 12, 1),
            ("uneven 5x5", Window.Square(5, padding: 1) with { PaddingEnd = new Size2(4, 2) }, 17, 17, 11, 15, 1),
            ("1x1, stride 2", Window.Square(1, 2), 40, 16, 9, 31, 1),
            ("1x1, stride 2, padded", Window.Square(1, 2, 1), 3, 20, 12, 9, 1),
            ("1x3, stride 2", Row(3, 2), 20, 48, 9, 18, 1),
            ("1x5, stride 2, few channels", Row(5, 2), 3, 16, 11, 20, 1),
            ("5x1, stride 2, few channels", new(new Size2(5, 1), Size2.Square(2), new Size2(2, 0), Size2.Square(1)), 2, 17, 11, 20, 1),
            ("1x1 to one block", Window.Square(1), 33, 16, 13, 17, 1),
            ("1x1, padding at the end", Window.Square(1) with { PaddingEnd = new Size2(1, 2) }, 17, 16, 6, 7, 1),
        ];
        foreach ((string name, Window window, int c, int k, int h, int w, int groups) in table)
        {
            yield return new KernelCase($"conv {name}", () => TinyNets.BetweenRelus(new Conv2d(c, k, window, groups), c, Math.Max(h, w)),
                3, h, w);
        }

        yield return new KernelCase("conv same 3x3, pooled with same 2x2",
            () => TinyNets.Pooled(new Conv2d(4, 20, Same(3)), 4, 14, pool: Same(2, 2)), 1, 14, 12, Depth: 2);
    }

    /// <summary>The groups of RegNet, ResNeXt and of depthwise layers that multiply their channels.</summary>
    private static IEnumerable<KernelCase> GroupedConvolutions()
    {
        (int C, int K, int Groups, int Kernel, int Stride)[] table =
        [
            (16, 16, 2, 3, 1), (48, 48, 3, 3, 2), (72, 72, 3, 3, 1), (120, 120, 3, 3, 2), (96, 96, 2, 3, 1), (112, 112, 2, 3, 1),
            (224, 224, 2, 3, 2), (336, 336, 2, 3, 1), (464, 464, 2, 3, 2), (24, 24, 3, 1, 1), (3, 6, 3, 3, 1), (5, 20, 5, 3, 2),
            (16, 32, 16, 3, 1), (17, 34, 17, 5, 1), (32, 16, 8, 3, 1), (24, 48, 3, 3, 2), (40, 20, 20, 3, 1), (2, 4, 2, 3, 1),
        ];
        foreach ((int c, int k, int groups, int kernel, int stride) in table)
        {
            var layer = new Conv2d(c, k, Window.Square(kernel, stride, kernel / 2), groups);
            yield return new KernelCase($"conv {c} to {k} in {groups} groups, kernel {kernel}, stride {stride}",
                () => TinyNets.BetweenRelus(layer, c, 7), c > 100 ? 1 : 3, 7, 6);
        }
    }

    /// <summary>Every kernel of the depthwise convolution, on maps that are smaller than a tile, of whole tiles, ragged, and wide enough
    /// for
    /// tiles that need no look at the edges.</summary>
    private static IEnumerable<KernelCase> DepthwiseConvolutions()
    {
        (int C, Window Window, int H, int W)[] table =
        [
            (17, Window.Square(3, padding: 1), 1, 1), (16, Window.Square(3, padding: 1), 3, 2), (16, Window.Square(3, padding: 1), 7, 14),
            (33, Window.Square(3, padding: 1), 6, 37), (16, Window.Square(3), 5, 26), (5, Window.Square(3, padding: 2), 4, 21),
            (16, Window.Square(3, 2, 1), 9, 14), (17, Window.Square(3, 2, 1), 8, 56), (16, Window.Square(3, 2, 1), 5, 71),
            (16, Window.Square(5, padding: 2), 3, 3), (20, Window.Square(5, padding: 2), 7, 7), (16, Window.Square(5, padding: 2), 6, 40),
            (16, Window.Square(5, 2, 2), 10, 14), (18, Window.Square(5, 2, 2), 7, 61), (16, Window.Square(7, padding: 3), 2, 4),
            (16, Window.Square(7, padding: 3), 7, 7), (31, Window.Square(7, padding: 3), 8, 39), (16, Window.Square(7, 2, 3), 9, 66),
            (16, Window.Square(2, 2), 6, 32), (16, Window.Square(4, 2, 1), 6, 34), (16, Window.Square(3, 3, 1), 7, 50),
            (16, Window.Square(1, 2), 5, 33), (16, Window.Square(2, 3), 7, 29), (16, Window.Square(9, padding: 4), 5, 30),
            (16, Window.Square(3, padding: 2, dilation: 2), 6, 28), (16, Window.Square(3, 2, 3, 3), 9, 43),
            (16, new Window(new Size2(1, 7), new Size2(1, 2), new Size2(0, 3), Size2.Square(1)), 4, 35),
            (16, new Window(new Size2(5, 3), new Size2(2, 1), new Size2(2, 0), new Size2(1, 1)), 11, 19),
            (16, Window.Square(3, padding: 3), 5, 27), (16, Window.Square(11, padding: 5), 4, 9),
        ];
        foreach ((int c, Window window, int h, int w) in table)
        {
            string name = $"{c} channels, kernel {window.Kernel.H}x{window.Kernel.W}, stride {window.Stride.H}x{window.Stride.W}, "
                + $"padding {window.Padding.H}x{window.Padding.W}, dilation {window.Dilation.W}, {h}x{w}";
            yield return new KernelCase($"depthwise, {name}",
                () => TinyNets.BetweenRelus(new Conv2d(c, c, window, Groups: c), c, Math.Max(h, w)), 2, h, w);
        }

        yield return new KernelCase("depthwise 5x5, pooled", () => TinyNets.Pooled(
            new Conv2d(18, 18, Window.Square(5, padding: 2), Groups: 18), 18, 34), 2, 10, 34, Depth: 2);
        yield return new KernelCase("depthwise alone", () => TinyNets.Single(
            new Conv2d(18, 18, Window.Square(3, 2, 1), Groups: 18), 18, 37), 2, 9, 37);
    }

    private static IEnumerable<KernelCase> PaddedPools()
    {
        (string Name, Window Window)[] table =
        [
            ("same 3x3, stride 2", Same(3, 2)),
            ("same 2x2", Same(2)),
            ("same lower 3x3, stride 2", Same(3, 2, PaddingRule.SameLower)),
            ("uneven 3x3", Window.Square(3, 2) with { PaddingEnd = Size2.Square(1) }),
        ];
        foreach ((string name, Window window) in table)
        {
            yield return Case($"maxpool {name}", new MaxPool2d(window), 17, 12, 9);
            yield return Case($"avgpool {name}", new AvgPool2d(window), 17, 12, 9);
            yield return Case($"avgpool {name}, without padding", new AvgPool2d(window, CountPadding: false), 17, 12, 9);
        }
    }

    private static IEnumerable<KernelCase> AveragePools()
    {
        foreach (int c in s_channels)
        {
            yield return Case($"avgpool 3x3, padding 1, {c} channels", new AvgPool2d(Window.Square(3, padding: 1)), c, 6, 7);
        }

        yield return Case("avgpool 3x3, stride 2, ceil", new AvgPool2d(Window.Square(3, 2, 1), CeilMode: true), 5, 8, 9);
        yield return Case("avgpool 2x2, ceil, without padding",
            new AvgPool2d(Window.Square(2, 2, 1), CeilMode: true, CountPadding: false), 5, 8, 9);
        yield return Case("avgpool 1x4", new AvgPool2d(new Window(new(1, 4), new(2, 3), new(0, 2), new(1, 1))), 18, 7, 11);
    }

    /// <summary>Padding beyond half the kernel, global maxima, padding as a layer, the nearest neighbour.</summary>
    private static IEnumerable<KernelCase> Pixels()
    {
        Window wide = Window.Square(3, 2) with { Padding = new Size2(2, 0), PaddingEnd = new Size2(1, 2) };
        (string Name, Layer Layer)[] table =
        [
            ("maxpool 3x3, padding 2 and 1", new MaxPool2d(wide)),
            ("maxpool 3x3, padding 2 and 1, ceil", new MaxPool2d(wide, CeilMode: true)),
            ("maxpool 2x2, dilation 3, padding 2", new MaxPool2d(Window.Square(2, 1, 2, 3))),
            ("maxpool 3x3, dilation 2, ceil", new MaxPool2d(Window.Square(3, 2, 2, 2), CeilMode: true)),
            ("avgpool 3x3, padding 2 and 1", new AvgPool2d(wide)),
            ("avgpool 3x3, padding 2 and 1, without padding", new AvgPool2d(wide, CeilMode: true, CountPadding: false)),
            ("global maximum", new AdaptiveMaxPool2d(Size2.Square(1))), ("maxima of 4x3", new AdaptiveMaxPool2d(new Size2(4, 3))),
            ("padding with zeros", new Pad2d(new Size2(1, 0), new Size2(2, 3))),
            ("padding with a value", new Pad2d(new Size2(0, 2), new Size2(1, 1), Value: -1.5)),
            ("cut and padded", new Pad2d(new Size2(-2, 1), new Size2(3, -4), Value: 0.5)),
            ("reflection", new Pad2d(new Size2(3, 2), new Size2(1, 4), PadMode.Reflect)),
            ("replication", new Pad2d(new Size2(3, 0), new Size2(1, 5), PadMode.Replicate)),
            ("nearest, twice", new Upsample(2, 2)), ("nearest, 1.5 and 0.7", new Upsample(1.5, 0.7)),
            ("nearest to 7x20", new Upsample(1, 1, new Size2(7, 20), SampleGrid.HalfPixel, NearestRounding.HalfUp)),
        ];
        foreach ((string name, Layer layer) in table)
        {
            yield return Case(name, layer, 17, 12, 9);
            yield return new KernelCase($"{name}, between ReLUs", () => TinyNets.BetweenRelus(layer, 3, 12), 2, 12, 9);
        }
    }

    private static IEnumerable<KernelCase> Layers()
    {
        foreach (int c in s_channels)
        {
            foreach (ActivationFunction f in ActivationFunctions.All)
            {
                yield return Case($"{f.Name}, {c} channels", Activation.Of(f), c, 5, 7);
            }

            yield return Case($"prelu, {c} channels", new PReLU(c), c, 5, 7);
            yield return Case($"groupnorm of one group, {c} channels", new GroupNorm(1, c, 1e-3), c, 9, 8);
            yield return Case($"instancenorm, {c} channels", new GroupNorm(c, c, 1e-3), c, 19, 18);
            yield return new KernelCase($"maximum of {c} channels", () => LayerNets.Larger(c, 7, least: false), 3, 5, 7);
            yield return new KernelCase($"minimum of {c} channels", () => LayerNets.Larger(c, 7, least: true), 3, 5, 7);
            yield return Case($"affine, {c} channels", new ChannelAffine(c), c, 5, 7);
            yield return Case($"layernorm, {c} channels", new LayerNorm(c, 1e-3), c, 9, 8);
            yield return Case($"slice of all {c} channels", new ChannelSlice(0, c), c, 5, 7);
            yield return new KernelCase($"gate of {c} channels", () => LayerNets.Gated(c, 23, broadcasts: true), 3, 23, 19);
            yield return new KernelCase($"gate of each pixel, {c} channels", () => LayerNets.Attended(c, 9), 3, 7, 9, Depth: 2);
            yield return new KernelCase($"product of {c} channels", () => LayerNets.Gated(c, 7, broadcasts: false), 3, 5, 7);
            yield return new KernelCase($"square of {c} channels", () => LayerNets.Squared(c, 7), 3, 5, 7);
        }

        foreach (ActivationFunction f in FunctionCases.Others)
        {
            yield return Case(FunctionCases.Label(f), Activation.Of(f), 17, 5, 7);
            yield return new KernelCase($"conv and {FunctionCases.Label(f)}", () => LayerNets.Bent(Activation.Of(f)), 3, 6, 9, Depth: 2);
        }

        foreach ((int c, int groups) in ((int, int)[])[(6, 3), (58, 2), (48, 16), (33, 11)])
        {
            yield return Case($"groupnorm of {c} channels in {groups} groups", new GroupNorm(groups, c, 1e-3), c, 9, 8);
        }

        yield return new KernelCase("conv and prelu", () => LayerNets.Bent(new PReLU(20)), 3, 6, 9, Depth: 2);
        foreach ((int c, int first, int count) in
            ((int, int, int)[])[(3, 1, 1), (58, 29, 29), (58, 0, 17), (58, 16, 32), (116, 58, 58), (40, 15, 2), (64, 5, 48), (33, 32, 1)])
        {
            yield return Case($"slice {first}, {count} of {c}", new ChannelSlice(first, count), c, 17, 16);
        }

        foreach ((int c, int groups) in ((int, int)[])[(6, 3), (58, 2), (32, 2), (48, 3), (116, 2), (64, 4), (16, 16), (17, 1)])
        {
            yield return Case($"shuffle of {c} in {groups} groups", new ChannelShuffle(groups), c, 17, 16);
        }

        foreach (int[] widths in (int[][])[[16, 32], [58, 58], [3, 16, 17], [1, 1, 1, 1, 1, 1, 1, 1, 1, 8, 20], [15, 5], [48, 7]])
        {
            yield return new KernelCase($"concat of {string.Join(", ", widths)}", () => LayerNets.Joined(17, widths), 3, 17, 16);
        }
    }

    private static IEnumerable<KernelCase> Networks()
    {
        foreach (int batch in (int[])[1, 3])
        {
            yield return new KernelCase($"squeeze-and-excitation with SiLU, batch {batch}",
                () => LayerNets.SqueezeExcite(ActivationFunctions.SiLU, ActivationFunctions.Sigmoid), batch, 14, 13, Depth: 8);
            yield return new KernelCase($"squeeze-and-excitation with hardswish, batch {batch}",
                () => LayerNets.SqueezeExcite(ActivationFunctions.Hardswish, ActivationFunctions.Hardsigmoid), batch, 13, 14, Depth: 8);
            yield return new KernelCase($"squeeze-and-excitation with ReLU6, batch {batch}",
                () => LayerNets.SqueezeExcite(ActivationFunctions.ReLU6, ActivationFunctions.Tanh), batch, 16, 11, Depth: 8);
            yield return new KernelCase($"shuffle, halves of 29, batch {batch}", () => LayerNets.Shuffle(29), batch, 13, 12, Depth: 6);
            yield return new KernelCase($"shuffle, halves of 58, batch {batch}", () => LayerNets.Shuffle(58), batch, 33, 35, Depth: 6);
            yield return new KernelCase($"convnext, batch {batch}", () => LayerNets.ConvNext(), batch, 14, 15, Depth: 9);
            yield return new KernelCase($"foreign layers and mish, batch {batch}",
                () => LayerNets.Foreign(ActivationFunctions.Mish), batch, 33, 33, Depth: 12);
            yield return new KernelCase($"dense, batch {batch}", () => LayerNets.Dense(), batch, 12, 11, Depth: 8);
        }
    }

    private static KernelCase Case(string name, Layer layer, int c, int h, int w) =>
        new(name, () => TinyNets.BetweenLayers(layer, c, Math.Max(h, w)), 3, h, w, Depth: 2);

    private static Window Row(int kernel, int stride) =>
        new(new Size2(1, kernel), Size2.Square(stride), new Size2(0, kernel / 2), Size2.Square(1));

    private static Window Same(int kernel, int stride = 1, PaddingRule rule = PaddingRule.SameUpper, int dilation = 1) =>
        Window.Square(kernel, stride, dilation: dilation) with { PaddingRule = rule };
}
