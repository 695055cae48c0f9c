using Interp.Engine.Functions;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Models;

namespace Interp.Tests.Support;

/// <summary>Small networks with the blocks of today's convolutional architectures, at widths that fill no vector evenly.</summary>
internal static class LayerNets
{
    /// <summary>MobileNetV3's and EfficientNet's block: depthwise convolution with SAME padding, activation, squeeze-and-excitation, and a
    /// sum that reads the gated map and the map itself.</summary>
    public static Network SqueezeExcite(ActivationFunction function, ActivationFunction gate, int size = 14)
    {
        var random = new Gaussian(31);
        NetworkBuilder b = TinyNets.Add(new NetworkBuilder(3), "stem", new Conv2d(3, 17, Same(3, 2)), random);
        b.Then("stem_act", Activation.Of(function));
        TinyNets.Add(b, "depth", new Conv2d(17, 17, Same(5, 1), Groups: 17), random);
        b.Then("map", Activation.Of(function)).Then("squeeze", new AdaptiveAvgPool2d(Size2.Square(1)));
        TinyNets.Add(b, "fc1", new Conv2d(17, 5, Window.Square(1)), random);
        b.Then("fc1_act", Activation.Of(function));
        TinyNets.Add(b, "fc2", new Conv2d(5, 17, Window.Square(1)), random);
        b.Then("gate", Activation.Of(gate)).Add("scaled", new Multiply(), ["map", "gate"], []);
        b.Add("sum", new Add(), ["scaled", "map"], []);
        TinyNets.Add(b, "point", new Conv2d(17, 20, Window.Square(1)), random);
        return Classify(b, 20, random, $"squeeze-{function.Name}-{gate.Name}", size);
    }

    /// <summary>ShuffleNet V2's unit: half of the channels pass a branch, both are put side by side and shuffled.</summary>
    public static Network Shuffle(int half, int size = 14)
    {
        var random = new Gaussian(32);
        NetworkBuilder b = TinyNets.Add(new NetworkBuilder(3), "stem", new Conv2d(3, 2 * half, Window.Square(3, 2, 1)), random);
        b.Then("stem_relu", new ReLU()).Then("kept", new ChannelSlice(0, half));
        b.Add("passed", new ChannelSlice(half, half), ["stem_relu"], []);
        TinyNets.Add(b, "depth", new Conv2d(half, half, Window.Square(3, padding: 1), Groups: half), random, "passed");
        TinyNets.Add(b, "point", new Conv2d(half, half, Window.Square(1)), random);
        b.Then("point_relu", new ReLU()).Add("joined", new Concat(), ["kept", "point_relu"], []);
        b.Then("shuffled", new ChannelShuffle(2));
        return Classify(b, 2 * half, random, $"shuffle-{half}", size);
    }

    /// <summary>ConvNeXt's block, and layer normalisation of vectors.</summary>
    public static Network ConvNext(int size = 14)
    {
        var random = new Gaussian(33);
        NetworkBuilder b = TinyNets.Add(new NetworkBuilder(3), "stem", new Conv2d(3, 24, Window.Square(2, 2)), random);
        TinyNets.Add(b, "stem_norm", new LayerNorm(24, 1e-6), random);
        TinyNets.Add(b, "depth", new Conv2d(24, 24, Window.Square(7, padding: 3), Groups: 24), random);
        TinyNets.Add(b, "norm", new LayerNorm(24, 1e-6), random);
        TinyNets.Add(b, "wide", new Conv2d(24, 50, Window.Square(1)), random);
        b.Then("gelu", Activation.Of(ActivationFunctions.GELU));
        TinyNets.Add(b, "narrow", new Conv2d(50, 24, Window.Square(1)), random);
        TinyNets.Add(b, "layer_scale", new ChannelAffine(24), random);
        b.Add("sum", new Add(), ["layer_scale", "stem_norm"], []);
        b.Then("avgpool", new AdaptiveAvgPool2d(Size2.Square(1))).Then("flat", new Flatten());
        TinyNets.Add(b, "head_norm", new LayerNorm(24, 1e-6), random);
        return TinyNets.Add(b, "fc", new Linear(24, 7), random).Build("convnext", new Preprocessing { InputSize = size });
    }

    /// <summary>DenseNet's block: what many normalisations read is a concatenation; and its transition.</summary>
    public static Network Dense(int size = 14)
    {
        var random = new Gaussian(34);
        NetworkBuilder b = TinyNets.Add(new NetworkBuilder(3), "stem", new Conv2d(3, 10, Window.Square(3, padding: 1)), random);
        string[] parts = ["stem"];
        int channels = 10;
        foreach (int growth in (int[])[7, 16, 1])
        {
            string name = $"dense{parts.Length}";
            b.Add($"{name}_in", parts.Length == 1 ? new Identity() : new Concat(), parts, []);
            TinyNets.Add(b, $"{name}_norm", new ChannelAffine(channels), random);
            b.Then($"{name}_relu", new ReLU());
            TinyNets.Add(b, name, new Conv2d(channels, growth, Window.Square(3, padding: 1)), random);
            parts = [.. parts, name];
            channels += growth;
        }

        b.Add("all", new Concat(), parts, []).Then("transition", new AvgPool2d(Window.Square(2, 2)));
        return Classify(b, channels, random, "dense", size);
    }

    /// <summary>ResNet's blocks, the second with a stride and a convolution on its way around; each calls one ReLU twice.</summary>
    public static Network Residual(bool bias = true)
    {
        var random = new Gaussian(36);
        NetworkBuilder b = TinyNets.Add(new NetworkBuilder(3), "conv1", new Conv2d(3, 17, Window.Square(3, 2, 1), Bias: bias), random);
        b.Then("relu", new ReLU());
        int channels = 17;
        foreach ((int width, int stride) in ((int, int)[])[(17, 1), (20, 2)])
        {
            (string block, string input) = ($"layer{stride}", b.Last);
            TinyNets.Add(b, $"{block}.conv1", new Conv2d(channels, width, Window.Square(3, stride, 1), Bias: bias), random);
            b.Then($"{block}.relu", new ReLU());
            TinyNets.Add(b, $"{block}.conv2", new Conv2d(width, width, Window.Square(3, 1, 1), Bias: bias), random);
            string main = b.Last;
            if (stride > 1)
            {
                var around = new Conv2d(channels, width, Window.Square(1, stride), Bias: bias);
                TinyNets.Add(b, $"{block}.downsample.0", around, random, input);
                input = b.Last;
            }

            b.Add($"{block}.add", new Add(), [main, input], []).Then($"{block}.relu_1", new ReLU());
            channels = width;
        }

        b.Then("avgpool", new AdaptiveAvgPool2d(Size2.Square(1))).Then("flat", new Flatten());
        return TinyNets.Add(b, "fc", new Linear(20, 7, bias), random).Build("residual", new Preprocessing { InputSize = 14 });
    }

    /// <summary>The image scaled and shifted, Inception's branches with an average of neighbours, and SqueezeNet's end: a map for each
    /// class.</summary>
    public static Network Scores()
    {
        var random = new Gaussian(37);
        NetworkBuilder b = TinyNets.Add(new NetworkBuilder(3), "transform", new ChannelAffine(3), random);
        TinyNets.Add(b, "stem", new Conv2d(3, 17, Window.Square(3, 2)), random).Then("stem_relu", new ReLU());
        TinyNets.Add(b, "wide", new Conv2d(17, 9, Window.Square(3, padding: 1)), random);
        b.Add("mean", new AvgPool2d(Window.Square(3, padding: 1)), ["stem_relu"], []);
        TinyNets.Add(b, "narrow", new Conv2d(17, 8, Window.Square(1)), random);
        b.Add("joined", new Concat(), ["wide", "narrow"], []).Then("joined_relu", new ReLU()).Then("drop", new Dropout());
        TinyNets.Add(b, "scores", new Conv2d(17, 7, Window.Square(1)), random).Then("scores_relu", new ReLU());
        b.Then("avgpool", new AdaptiveAvgPool2d(Size2.Square(1))).Then("flat", new Flatten());
        return b.Build("scores", new Preprocessing { InputSize = 14 });
    }

    /// <summary>One network of each kind of block.</summary>
    public static IReadOnlyDictionary<string, Func<Network>> Blocks { get; } = new Dictionary<string, Func<Network>>
    {
        ["residual blocks"] = () => Residual(),
        ["squeeze-and-excitation, ReLU6 and hardsigmoid"] = () =>
            SqueezeExcite(ActivationFunctions.ReLU6, ActivationFunctions.Hardsigmoid),
        ["squeeze-and-excitation, SiLU and sigmoid"] = () => SqueezeExcite(ActivationFunctions.SiLU, ActivationFunctions.Sigmoid),
        ["dense block with affine layers and average pool"] = () => Dense(),
        ["slices and shuffle"] = () => Shuffle(17),
        ["layer norms, GELU and layer scale"] = () => ConvNext(),
        ["affine image, branches, maps of scores"] = Scores,
        ["padding, PReLU, group norms, maxima, leaky ReLU"] = () => Foreign(ActivationFunctions.LeakyReLU.With(0.1)),
        ["a gate for each pixel"] = Attention,
        ["padding, PReLU, group norms, maxima, ELU"] = () => Foreign(ActivationFunctions.ELU),
    };

    /// <summary>One layer that reads the input and a part of it: the input's channels averaged over its pixels, or the same
    /// again.</summary>
    public static Network Gated(int channels, int size, bool broadcasts)
    {
        var builder = new NetworkBuilder(channels);
        builder.Then("gate", broadcasts ? new AdaptiveAvgPool2d(Size2.Square(1)) : Activation.Of(ActivationFunctions.Tanh));
        builder.Add("layer", new Multiply(), ["input", "gate"], []).Then("flat", new Flatten());
        return builder.Build("gated", new Preprocessing { InputSize = size });
    }

    /// <summary>The larger or smaller of the input and a part of it.</summary>
    public static Network Larger(int channels, int size, bool least)
    {
        var builder = new NetworkBuilder(channels);
        builder.Then("other", Activation.Of(ActivationFunctions.SiLU)).Add("layer", new Extremum(least), ["input", "other"], []);
        return builder.Then("flat", new Flatten()).Build("larger", new Preprocessing { InputSize = size });
    }

    /// <summary>Padding, leaky activations with a slope for each channel, group norms, an enlarged map beside a pooled one, their larger
    /// values, a depthwise convolution to twice and three times the channels, and global maxima.</summary>
    public static Network Foreign(ActivationFunction function)
    {
        var random = new Gaussian(39);
        var pad = new Pad2d(new Size2(1, 0), new Size2(2, 3));
        NetworkBuilder b = TinyNets.Add(new NetworkBuilder(3).Then("pad", pad), "stem", new Conv2d(3, 12, Window.Square(3, 2)), random);
        TinyNets.Add(b, "stem_act", new PReLU(12), random);
        TinyNets.Add(b, "norm", new GroupNorm(4, 12, 1e-3), random);
        b.Then("act", Activation.Of(function));
        b.Add("pool", new MaxPool2d(Window.Square(3, 2, 2, 2), CeilMode: true), ["act"], [])
            .Then("again", new Upsample(2, 2, new Size2(17, 17)));
        b.Add("wide", new Pad2d(default, default, PadMode.Reflect), ["act"], []).Then("size", new Upsample(1, 1, new Size2(17, 17)));
        b.Add("larger", new Extremum(), ["again", "size"], []);
        TinyNets.Add(b, "twice", new Conv2d(12, 24, Window.Square(3), Groups: 12), random);
        TinyNets.Add(b, "instance", new GroupNorm(24, 24, 1e-3), random);
        b.Then("act2", Activation.Of(function));
        TinyNets.Add(b, "thrice", new Conv2d(24, 72, Window.Square(3, 2), Groups: 24), random);
        b.Then("act3", new ReLU()).Then("maxpool", new AdaptiveMaxPool2d(Size2.Square(1))).Then("flat", new Flatten());
        return TinyNets.Add(b, "fc", new Linear(72, 7), random).Build($"foreign-{function.Name}", new Preprocessing { InputSize = 33 });
    }

    /// <summary>Spatial attention: a gate for each pixel, and a residual sum.</summary>
    public static Network Attention()
    {
        var random = new Gaussian(40);
        NetworkBuilder b = TinyNets.Add(new NetworkBuilder(3), "stem", new Conv2d(3, 18, Window.Square(3, 2, 1)), random);
        b.Then("stem_relu", new ReLU());
        TinyNets.Add(b, "look", new Conv2d(18, 2, Window.Square(3, padding: 1)), random);
        b.Then("look_both", Activation.Of(ActivationFunctions.Sigmoid)).Then("look_gate", new ChannelSlice(1, 1));
        b.Add("attended", new Multiply(), ["stem_relu", "look_gate"], []);
        TinyNets.Add(b, "point", new Conv2d(18, 18, Window.Square(1)), random);
        b.Add("sum", new Add(), ["point", "stem_relu"], []).Then("sum_relu", new ReLU());
        return Classify(b, 18, random, "attention", 33);
    }

    /// <summary>A convolution to 20 channels and an activation, which may be computed with it.</summary>
    public static Network Bent(Layer activation)
    {
        var random = new Gaussian(38);
        NetworkBuilder b = TinyNets.Add(new NetworkBuilder(5), "conv", new Conv2d(5, 20, Window.Square(3, padding: 1)), random);
        TinyNets.Add(b, "act", activation, random);
        return b.Then("flat", new Flatten()).Build($"conv-{activation.Kind}", new Preprocessing { InputSize = 9 });
    }

    /// <summary>The input times a gate for each pixel, made of all channels.</summary>
    public static Network Attended(int channels, int size)
    {
        var all = new Conv2d(channels, 1, Window.Square(3, padding: 1));
        NetworkBuilder builder = TinyNets.Add(new NetworkBuilder(channels), "all", all, new Gaussian(41));
        builder.Then("gate", Activation.Of(ActivationFunctions.Sigmoid)).Add("layer", new Multiply(), ["input", "gate"], []);
        return builder.Then("flat", new Flatten()).Build("attended", new Preprocessing { InputSize = size });
    }

    /// <summary>The input times itself.</summary>
    public static Network Squared(int channels, int size)
    {
        var builder = new NetworkBuilder(channels);
        builder.Add("layer", new Multiply(), ["input", "input"], []).Then("flat", new Flatten());
        return builder.Build("squared", new Preprocessing { InputSize = size });
    }

    /// <summary>Convolutions of one input side by side.</summary>
    public static Network Joined(int size, params int[] widths)
    {
        var random = new Gaussian(35);
        var builder = new NetworkBuilder(2);
        string input = builder.Last;
        for (int i = 0; i < widths.Length; i++)
        {
            TinyNets.Add(builder, $"part{i}", new Conv2d(2, widths[i], Window.Square(1)), random, input);
        }

        builder.Add("layer", new Concat(), [.. Enumerable.Range(0, widths.Length).Select(i => $"part{i}")], []);
        return builder.Then("flat", new Flatten()).Build($"joined-{string.Join('-', widths)}", new Preprocessing { InputSize = size });
    }

    private static Window Same(int kernel, int stride) => Window.Square(kernel, stride) with { PaddingRule = PaddingRule.SameUpper };

    private static Network Classify(NetworkBuilder b, int channels, Gaussian random, string name, int size)
    {
        b.Then("avgpool", new AdaptiveAvgPool2d(Size2.Square(1))).Then("flat", new Flatten());
        return TinyNets.Add(b, "fc", new Linear(channels, 7), random).Build(name, new Preprocessing { InputSize = size });
    }
}
