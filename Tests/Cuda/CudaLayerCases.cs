using Interp.Engine.Functions;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Models;
using Interp.Engine.Tensors;
using Interp.Tests.Support;

namespace Interp.Tests.Cuda;

/// <summary>Layers of today's networks, alone and together, and convolutions with padding of two sides and groups of any kind.</summary>
internal static class CudaLayerCases
{
    private static readonly (int C, int H, int W, int Batch)[] Sizes = [(1, 1, 1, 1), (3, 5, 7, 3), (17, 9, 11, 1), (17, 1, 1, 3)];

    /// <summary>Cases without convolutions to choose an algorithm for.</summary>
    internal static KernelCase[] Layers { get; } = [.. Functions(), .. Channels(), .. Pools(), .. Networks()];

    internal static KernelCase[] Convolutions { get; } = [.. Padded(), .. Grouped()];

    /// <summary>Every layer of the engine that networks have beside convolutions, in one network: as in MobileNetV3, ShuffleNet and
    /// ConvNeXt.</summary>
    internal static Network Modern()
    {
        var random = new Gaussian(12);
        var b = new NetworkBuilder(3);
        Then("stem", new Conv2d(3, 16, Same(3, 2)));
        Then("stem_act", Activation.Of(ActivationFunctions.Hardswish));
        Then("depth", new Conv2d(16, 32, Same(5, 2), Groups: 16));
        Then("depth_act", Activation.Of(ActivationFunctions.ReLU6));
        SqueezeExcite("excited", ActivationFunctions.SiLU, ActivationFunctions.Hardsigmoid);
        Then("norm", new ChannelAffine(32));
        Then("shuffled", new ChannelShuffle(4));
        b.Add("left", new ChannelSlice(0, 15), ["shuffled"], []).Add("right", new ChannelSlice(15, 17), ["shuffled"], []);
        Then("right_act", Activation.Of(ActivationFunctions.GELU));
        b.Add("joined", new Concat(), ["right_act", "left"], []);
        Then("layer_norm", new LayerNorm(32, 1e-6));
        b.Add("squared", new Multiply(), ["layer_norm", "layer_norm"], []);
        b.Add("product", new Multiply(), ["squared", "joined"], []);
        Then("pooled", new AvgPool2d(Window.Square(3, stride: 2, padding: 1), CeilMode: true, CountPadding: false));
        b.Then("flat", new Flatten());
        Then("vector_norm", new LayerNorm(32 * 3 * 3, 1e-5));
        Then("full", new Linear(32 * 3 * 3, 19));
        Then("full_norm", new ChannelAffine(19));
        Then("full_act", Activation.Of(ActivationFunctions.Tanh));
        Then("classes", new Linear(19, 5));
        return b.Build("modern", new Preprocessing { InputSize = 19 });

        void Then(string name, Layer layer) => TinyNets.Add(b, name, layer, random);

        void SqueezeExcite(string name, ActivationFunction inner, ActivationFunction gate)
        {
            string map = b.Last;
            b.Then("squeeze", new AdaptiveAvgPool2d(Size2.Square(1)));
            Then("fewer", new Conv2d(32, 8, Window.Square(1)));
            Then("fewer_act", Activation.Of(inner));
            Then("more", new Conv2d(8, 32, Window.Square(1)));
            Then("gate", Activation.Of(gate));
            b.Add(name, new Multiply(), [map, "gate"], []);
        }
    }

    internal static Window Same(int kernel, int stride, PaddingRule rule = PaddingRule.SameUpper, int dilation = 1) =>
        Window.Square(kernel, stride, dilation: dilation) with { PaddingRule = rule };

    /// <summary>Behind a scale and a shift that spread the input over all pieces of the function; a single value stays where the slope is
    /// no small difference of large numbers.</summary>
    private static IEnumerable<KernelCase> Functions() =>
    [
        .. from function in ActivationFunctions.All from size in Sizes select Function(Activation.Of(function), function.Name, size),
        .. from function in FunctionCases.Others select Function(Activation.Of(function), FunctionCases.Label(function), Sizes[1]),
        .. from size in Sizes select Function(new PReLU(size.C), "prelu", size),
    ];

    private static KernelCase Function(Layer layer, string name, (int C, int H, int W, int Batch) size) =>
        new($"{name} {Text(size)}", () => Build(size.C, Math.Max(size.H, size.W), b => TinyNets.Add(
            b.Then("spread", new ChannelAffine(size.C), Constant(size.C, size.H * size.C > 1 ? 4 : 0.5f), Constant(size.C, 1)),
            "act", layer, new Gaussian(14))), size.Batch, size.H, size.W, Depth: 2);

    private static IEnumerable<KernelCase> Channels()
    {
        foreach ((int C, int H, int W, int Batch) size in (IEnumerable<(int, int, int, int)>)[.. Sizes, (96, 3, 13, 1)])
        {
            int from = size.C / 3, some = (size.C + 1) / 2;
            (string Name, Layer Layer, int Depth)[] layers =
            [
                ("affine", new ChannelAffine(size.C), 1), ("one group's norm", new GroupNorm(1, size.C, 1e-3), 4),
                ("instance norm", new GroupNorm(size.C, size.C, 1e-3), 4), ("layer norm", new LayerNorm(size.C, 1e-6), 4),
                ($"slice of {some} from {from}", new ChannelSlice(from, some), 1), ("all channels", new ChannelSlice(0, size.C), 1),
                ("each channel a group", new ChannelShuffle(size.C), 1), ("one group", new ChannelShuffle(1), 1),
                .. size.C % 6 == 0 ? [("six groups", new ChannelShuffle(6), 1)] : Array.Empty<(string, Layer, int)>(),
            ];
            foreach ((string name, Layer layer, int depth) in layers)
            {
                yield return new KernelCase($"{name} {Text(size)}", () => TinyNets.Single(layer, size.C, Math.Max(size.H, size.W)),
                    size.Batch, size.H, size.W, depth);
                yield return new KernelCase($"{name} {Text(size)}, between ReLUs",
                    () => TinyNets.BetweenRelus(layer, size.C, Math.Max(size.H, size.W)), size.Batch, size.H, size.W, depth);
            }
        }
    }

    private static IEnumerable<KernelCase> Pools()
    {
        Window[] windows = [
            Window.Square(2, stride: 2), Window.Square(3, stride: 2, padding: 1), Window.Square(3, padding: 1),
            new(new(2, 3), new(3, 1), new(1, 0), new(1, 1)), Window.Square(3, stride: 2) with { PaddingEnd = Size2.Square(1) },
            Same(3, 2), Same(2, 1), Same(2, 1, PaddingRule.SameLower), Same(3, 3, PaddingRule.SameLower)];
        (string Name, Layer Layer)[] pixels =
        [
            ("padding", new Pad2d(new Size2(1, 0), new Size2(2, 3), Value: -1.5)),
            ("reflection", new Pad2d(new Size2(3, 2), new Size2(1, 4), PadMode.Reflect)),
            ("replication", new Pad2d(new Size2(3, 0), new Size2(1, 5), PadMode.Replicate)),
            ("nearest", new Upsample(1.5, 2)), ("global maximum", new AdaptiveMaxPool2d(Size2.Square(1))),
            ("maxpool, wide padding", new MaxPool2d(Window.Square(2, 1, 2, 3))),
        ];
        foreach ((string name, Layer layer) in pixels)
        {
            yield return new KernelCase($"{name} 3x17x7x9", () => TinyNets.BetweenRelus(layer, 17, 9), 3, 7, 9);
        }

        foreach (Window window in windows)
        {
            foreach ((int C, int H, int W, int Batch) size in ((int, int, int, int)[])[(1, 9, 7, 1), (3, 12, 14, 3), (17, 5, 8, 1)])
            {
                (string Name, Layer Layer)[] layers =
                [
                    ("maxpool, ceil", new MaxPool2d(window, CeilMode: true)), ("mean", new AvgPool2d(window)),
                    ("mean, ceil", new AvgPool2d(window, CeilMode: true)),
                    ("mean, ceil, padding not counted", new AvgPool2d(window, CeilMode: true, CountPadding: false)),
                ];
                foreach ((string name, Layer layer) in layers)
                {
                    yield return new KernelCase($"{name}, {Text(window)}, {Text(size)}", () => TinyNets.BetweenRelus(
                        layer, size.C, Math.Max(size.H, size.W)), size.Batch, size.H, size.W);
                }
            }
        }
    }

    private static IEnumerable<KernelCase> Networks()
    {
        yield return new KernelCase("foreign 33x33", () => LayerNets.Foreign(ActivationFunctions.CELU), 2, 33, 33, Depth: 16);
        yield return new KernelCase("gate of each pixel", () => LayerNets.Attended(17, 9), 3, 7, 9, Depth: 2);
        foreach (bool least in (bool[])[false, true])
        {
            yield return new KernelCase($"extremum, least {least}", () => LayerNets.Larger(17, 7, least), 3, 5, 7);
        }

        foreach ((int C, int H, int W, int Batch) size in Sizes)
        {
            yield return new KernelCase($"gate {Text(size)}", () => Build(size.C, Math.Max(size.H, size.W), b => b
                .Then("map", new ReLU())
                .Add("squeeze", new AdaptiveAvgPool2d(Size2.Square(1)), ["input"], [])
                .Then("gate", Activation.Of(ActivationFunctions.Sigmoid))
                .Add("product", new Multiply(), ["map", "gate"], [])), size.Batch, size.H, size.W, Depth: 3);
            yield return new KernelCase($"product {Text(size)}", () => Build(size.C, Math.Max(size.H, size.W), b => b
                .Then("left", new ReLU())
                .Add("right", Activation.Of(ActivationFunctions.Tanh), ["input"], [])
                .Add("square", new Multiply(), ["right", "right"], [])
                .Add("product", new Multiply(), ["left", "square"], [])), size.Batch, size.H, size.W, Depth: 3);
        }

        yield return new KernelCase("modern 19x19", Modern, 1, 19, 19, Depth: 16);
        yield return new KernelCase("modern 17x20, batch 3", Modern, 3, 17, 20, Depth: 16);
    }

    private static IEnumerable<KernelCase> Padded()
    {
        (int C, int K, int H, int W, Window Window, int Groups, int Batch)[] table =
        [
            (3, 8, 11, 10, Same(3, 2), 1, 1), (3, 8, 10, 11, Same(3, 2, PaddingRule.SameLower), 1, 3), (3, 5, 9, 7, Same(2, 1), 1, 1),
            (5, 40, 8, 9, Same(2, 1, PaddingRule.SameLower), 1, 1), (4, 6, 13, 12, Same(3, 2, dilation: 2), 2, 3),
            (6, 6, 12, 15, Same(5, 2), 6, 1), (17, 17, 7, 8, Same(3, 1), 17, 3), (1, 40, 6, 5, Same(4, 1), 1, 3),
            (3, 40, 9, 8, Asymmetric(3, 1, (1, 0), (0, 2)), 1, 3), (40, 3, 9, 6, Asymmetric(3, 1, (2, 1), (1, 1)), 1, 1),
            (4, 4, 7, 7, Asymmetric(3, 1, (0, 0), (3, 4)), 1, 1), (3, 4, 7, 9, Asymmetric(1, 1, (0, 0), (1, 2)), 1, 1),
            (3, 6, 8, 8, Asymmetric(5, 3, (1, 2), (2, 3)), 3, 1),
        ];
        foreach ((int c, int k, int h, int w, Window window, int groups, int batch) in table)
        {
            yield return Convolution(new Conv2d(c, k, window, groups), h, w, batch);
        }
    }

    private static IEnumerable<KernelCase> Grouped()
    {
        (int C, int K, int Groups, Window Window, int Batch)[] table =
        [
            (17, 17, 17, Window.Square(3, padding: 1), 3), (3, 9, 3, Window.Square(3, stride: 2, padding: 1), 1),
            (8, 4, 4, Window.Square(3, padding: 1), 3), (12, 18, 6, Window.Square(5, padding: 2), 1), (9, 6, 3, Window.Square(1), 3),
            (10, 5, 5, Window.Square(1, stride: 2), 1), (66, 33, 33, Window.Square(3, padding: 2, dilation: 2), 1),
        ];
        foreach ((int c, int k, int groups, Window window, int batch) in table)
        {
            yield return Convolution(new Conv2d(c, k, window, groups), 9, 7, batch);
        }
    }

    private static KernelCase Convolution(Conv2d layer, int h, int w, int batch) => new(
        $"{Text((layer.InChannels, h, w, batch))} to {layer.OutChannels}, groups {layer.Groups}, {Text(layer.Window)}",
        () => TinyNets.BetweenRelus(layer, layer.InChannels, Math.Max(h, w)), batch, h,
        w);

    private static Window Asymmetric(int kernel, int stride, (int H, int W) start, (int H, int W) end) =>
        new(Size2.Square(kernel), Size2.Square(stride), new(start.H, start.W), Size2.Square(1)) { PaddingEnd = new(end.H, end.W) };

    private static Network Build(int channels, int size, Func<NetworkBuilder, NetworkBuilder> layers) =>
        layers(new NetworkBuilder(channels)).Then("flat", new Flatten()).Build("case", new Preprocessing { InputSize = size });

    private static Weight Constant(int channels, float value) =>
        Weight.FromValues("constant", new Shape(channels), [.. Enumerable.Repeat(value, channels)]);

    private static string Text(Window g)
    {
        (Size2 kernel, Size2 stride, Size2 start, Size2 dilation) = g;
        string padding = g.PaddingRule is { } rule ? $"{rule}" : $"{Text(start)} and {Text(g.PaddingEnd ?? start)}";
        return $"kernel {Text(kernel)}, stride {Text(stride)}, padding {padding}, dilation {Text(dilation)}";
    }

    private static string Text(Size2 size) => $"{size.H}x{size.W}";

    private static string Text((int C, int H, int W, int Batch) size) => $"{size.Batch}x{size.C}x{size.H}x{size.W}";
}
