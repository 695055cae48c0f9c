using Interp.Engine.Functions;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Models;
using Interp.Engine.Tensors;

namespace Interp.Tests.Support;

/// <summary>Small networks with random weights.</summary>
internal static class TinyNets
{
    /// <summary>One layer, followed by a flattening so that the output is a row of logits.</summary>
    public static Network Single(Layer layer, int channels, int size, int seed = 1) =>
        Finish(Add(new NetworkBuilder(channels), "layer", layer, new Gaussian(seed)).Then("flat", new Flatten()), layer.Kind, size);

    /// <summary>One layer and nothing else, as methods that run a network layer by layer open it: its output may have any shape.</summary>
    public static Network Part(Layer layer, int channels, int size, int seed = 1) =>
        Add(new NetworkBuilder(channels), "layer", layer, new Gaussian(seed)).BuildPart(layer.Kind, size);

    /// <summary>A layer with ReLUs before and after it.</summary>
    public static Network BetweenRelus(Layer layer, int channels, int size, int seed = 2) =>
        Finish(Add(new NetworkBuilder(channels).Then("before", new ReLU()), "layer", layer, new Gaussian(seed)).Then("after", new ReLU())
            .Then("flat", new Flatten()), $"relu-{layer.Kind}-relu", size);

    /// <summary>A layer between two affine ones, which show whether its lanes without channels stay at zero.</summary>
    public static Network BetweenLayers(Layer layer, int channels, int size, int seed = 12)
    {
        var random = new Gaussian(seed);
        NetworkBuilder builder = Add(new NetworkBuilder(channels), "before", new ChannelAffine(channels), random);
        Add(builder, "layer", layer, random);
        int width = layer.Infer([new Shape(1, channels, size, size)])[1];
        Add(builder, "after", new Conv2d(width, 5, Window.Square(1)), random);
        return Finish(builder.Then("flat", new Flatten()), $"affine-{layer.Kind}-conv", size);
    }

    /// <summary>A layer with a ReLU and a max-pool after it, of 2×2 unless told otherwise.</summary>
    public static Network Pooled(Layer layer, int channels, int size, int seed = 2, Window? pool = null) =>
        Finish(Add(new NetworkBuilder(channels), "layer", layer, new Gaussian(seed)).Then("after", new ReLU())
            .Then("pool", new MaxPool2d(pool ?? Window.Square(2, stride: 2))).Then("flat", new Flatten()), $"{layer.Kind}-relu-pool", size);

    /// <summary>Linear layers with a ReLU and a dropout between them, on flattened input.</summary>
    public static Network Perceptron(params ReadOnlySpan<int> widths)
    {
        var random = new Gaussian(3);
        NetworkBuilder builder = new NetworkBuilder(widths[0]).Then("flat", new Flatten());
        for (int i = 1; i < widths.Length; i++)
        {
            Add(builder, $"linear{i}", new Linear(widths[i - 1], widths[i], Bias: i % 2 == 1), random);
            if (i + 1 < widths.Length)
            {
                builder.Then($"relu{i}", new ReLU()).Then($"drop{i}", new Dropout());
            }
        }

        return Finish(builder, "perceptron", 1);
    }

    /// <summary>Softmax regression on the pixels of a square image: the least network that classifies.</summary>
    public static Network Regression(int size, int classes) =>
        Finish(Add(new NetworkBuilder(3).Then("flat", new Flatten()), "linear", new Linear(3 * size * size, classes), new Gaussian(11)),
        "regression", size);

    /// <summary>VGG's pattern: convolutions with ReLUs, pools, adaptive pool, two linear layers.</summary>
    public static Network Vgg(int poolTo = 3, int size = 32)
    {
        var random = new Gaussian(4);
        var builder = new NetworkBuilder(3);
        int channels = 3;
        int stage = 0;
        foreach (int width in (int[])[8, 17, 24])
        {
            foreach (int half in (int[])[0, 1])
            {
                Add(builder, $"conv{stage}_{half}", new Conv2d(channels, width, Window.Square(3, padding: 1)), random)
                    .Then($"relu{stage}_{half}", new ReLU());
                channels = width;
            }

            builder.Then($"pool{stage++}", new MaxPool2d(Window.Square(2, stride: 2)));
        }

        builder.Then("avgpool", new AdaptiveAvgPool2d(Size2.Square(poolTo))).Then("flat", new Flatten());
        Add(builder, "fc0", new Linear(channels * poolTo * poolTo, 19), random).Then("relu_fc", new ReLU()).Then("drop", new Dropout());
        return Finish(Add(builder, "fc1", new Linear(19, 7), random), "tiny-vgg", size);
    }

    /// <summary>VGG's pattern with as many channels and pixels as it takes to cut the work in every way: by rows, by tiles and by
    /// channels.</summary>
    public static Network WideVgg()
    {
        var random = new Gaussian(9);
        NetworkBuilder b = Add(new NetworkBuilder(3), "conv0", new Conv2d(3, 64, Window.Square(3, padding: 1)), random).Then(
            "relu0", new ReLU());
        Add(b, "conv1", new Conv2d(64, 64, Window.Square(3, padding: 1)), random).Then("relu1", new ReLU());
        b.Then("pool1", new MaxPool2d(Window.Square(2, stride: 2)));
        Add(b, "conv2", new Conv2d(64, 128, Window.Square(3, padding: 1)), random).Then("relu2", new ReLU());
        b.Then("pool2", new MaxPool2d(Window.Square(2, stride: 2)));
        Add(b, "conv3", new Conv2d(128, 256, Window.Square(3, padding: 1)), random).Then("relu3", new ReLU());
        b.Then("pool3", new MaxPool2d(Window.Square(2, stride: 2))).Then("flat", new Flatten());
        return Finish(Add(b, "fc", new Linear(256 * 7 * 7, 70), random), "wide-vgg", 56);
    }

    /// <summary>A stem of 5×5 with stride 2, then pairs of depthwise and pointwise convolutions, a grouped and a dilated one.</summary>
    public static Network Mobile()
    {
        var random = new Gaussian(10);
        NetworkBuilder b = Add(new NetworkBuilder(3), "stem", new Conv2d(3, 32, Window.Square(5, stride: 2, padding: 2)), random).Then(
            "relu0", new ReLU());
        Add(b, "depth1", new Conv2d(32, 32, Window.Square(3, padding: 1), Groups: 32), random).Then("relu1", new ReLU());
        Add(b, "point1", new Conv2d(32, 48, Window.Square(1)), random).Then("relu2", new ReLU());
        Add(b, "depth2", new Conv2d(48, 48, Window.Square(3, stride: 2, padding: 1), Groups: 48), random).Then("relu3", new ReLU());
        Add(b, "point2", new Conv2d(48, 64, Window.Square(1)), random).Then("relu4", new ReLU());
        Add(b, "grouped", new Conv2d(64, 64, Window.Square(3, stride: 2, padding: 1), Groups: 8), random).Then("relu5", new ReLU());
        Add(b, "dilated", new Conv2d(64, 40, Window.Square(3, padding: 2, dilation: 2)), random).Then("relu6", new ReLU());
        b.Then("avgpool", new AdaptiveAvgPool2d(Size2.Square(1))).Then("flat", new Flatten());
        return Finish(Add(b, "fc", new Linear(40, 9), random), "tiny-mobile", 61);
    }

    /// <summary>
    /// A residual block and an inception block: a ReLU that three nodes read, a sum, a concatenation of unlike branches that takes one
    /// input twice, an overlapping pool, an identity between convolution and ReLU, a convolution read both by a ReLU and directly, and a
    /// branch that leads nowhere.
    /// </summary>
    public static Network Diamond()
    {
        var random = new Gaussian(5);
        NetworkBuilder b = Add(new NetworkBuilder(3), "stem", new Conv2d(3, 12, Window.Square(3, stride: 2, padding: 1)), random)
            .Then("norm", new Identity()).Then("relu", new ReLU());
        Add(b, "left", new Conv2d(12, 12, Window.Square(3, padding: 1), Groups: 3), random);
        b.Then("left_relu", new ReLU());
        Add(b, "right", new Conv2d(12, 12, Window.Square(1), Bias: false), random, "relu");
        b.Add("sum", new Add(), ["left_relu", "relu", "right"], []).Then("sum_relu", new ReLU());
        b.Then("pool", new MaxPool2d(Window.Square(3, stride: 2, padding: 1), CeilMode: true));
        Add(b, "narrow", new Conv2d(12, 5, Window.Square(1)), random, "pool");
        b.Then("narrow_relu", new ReLU());
        Add(b, "dead_end", new Conv2d(12, 4, Window.Square(3)), random, "sum");
        b.Add("joined", new Concat(), ["narrow", "pool", "narrow_relu", "pool"], []);
        Add(b, "mix", new Conv2d(34, 9, Window.Square(3, padding: 2, dilation: 2)), random, "joined");
        b.Then("mix_relu", new ReLU()).Then("avgpool", new AdaptiveAvgPool2d(new Size2(2, 3))).Then("flat", new Flatten());
        return Finish(Add(b, "fc", new Linear(54, 6), random), "diamond", 17);
    }

    /// <summary>
    /// Blocks whose sums and activations backends compute together with convolutions: sums with a ReLU, with a strided branch, with none,
    /// of a convolution's input and output; an input read by several blocks, a gate per channel, a sum of sums, a scaled branch, and a
    /// scaled concatenation.
    /// </summary>
    public static Network Residual()
    {
        var random = new Gaussian(13);
        Window same = Window.Square(3, padding: 1), half = Window.Square(3, stride: 2, padding: 1);
        NetworkBuilder b = Add(new NetworkBuilder(3), "stem", new Conv2d(3, 20, same), random).Then("stem_relu", new ReLU());
        Add(b, "conv1", new Conv2d(20, 20, same), random).Then("relu1", new ReLU());
        Add(b, "conv2", new Conv2d(20, 20, same), random).Add("sum1", new Add(), ["conv2", "stem_relu"], []).Then("sum1_relu", new ReLU());
        Add(b, "conv3", new Conv2d(20, 24, half), random).Then("relu3", new ReLU());
        Add(b, "conv4", new Conv2d(24, 24, same), random).Then("norm4", new Identity());
        Add(b, "down", new Conv2d(20, 24, Window.Square(1, stride: 2)), random, "sum1_relu");
        b.Add("sum2", new Add(), ["norm4", "down"], []).Then("sum2_relu", new ReLU());
        Add(b, "expand", new Conv2d(24, 40, Window.Square(1)), random).Then("relu6", Activation.Of(ActivationFunctions.ReLU6));
        Add(b, "depth", new Conv2d(40, 40, same, Groups: 40), random).Then("silu", Activation.Of(ActivationFunctions.SiLU));
        Add(b, "project", new Conv2d(40, 24, Window.Square(1)), random).Add("sum3", new Add(), ["project", "sum2_relu"], []);
        Add(b, "conv5", new Conv2d(24, 24, same), random).Add("sum4", new Add(), ["conv5", "sum3"], []);
        b.Then("bend", Activation.Of(ActivationFunctions.Hardswish)).Then("squeeze", new AdaptiveAvgPool2d(Size2.Square(1)));
        Add(b, "excite", new Conv2d(24, 24, Window.Square(1)), random).Then("gate", Activation.Of(ActivationFunctions.Hardsigmoid));
        b.Add("gated", new Multiply(), ["bend", "gate"], []);
        Add(b, "left", new Conv2d(24, 24, same), random).Add("sum5", new Add(), ["left", "sum3"], []);
        b.Add("sum6", new Add(), ["sum5", "gated"], []);
        Add(b, "scaled", new ChannelAffine(24), random).Add("sum7", new Add(), ["scaled", "sum6"], []);
        b.Then("gelu", Activation.Of(ActivationFunctions.GELU)).Add("joined", new Concat(), ["gelu", "left", "sum5"], []);
        Add(b, "norm", new ChannelAffine(72), random).Then("norm_relu", new ReLU());
        Add(b, "mix", new Conv2d(72, 16, Window.Square(1)), random).Then("avgpool", new AdaptiveAvgPool2d(Size2.Square(1)));
        return Finish(Add(b.Then("flat", new Flatten()), "fc", new Linear(16, 7), random), "residual", 18);
    }

    /// <summary>A perceptron that ends in a softmax.</summary>
    public static Network Probabilities()
    {
        NetworkBuilder builder = new NetworkBuilder(6).Then("flat", new Flatten());
        return Finish(Add(builder, "linear", new Linear(6, 5), new Gaussian(6)).Then("softmax", new Softmax()), "softmax", 1);
    }

    /// <summary>Appends a layer with random weights, of a size that keeps what passes through of one size.</summary>
    internal static NetworkBuilder Add(NetworkBuilder builder, string name, Layer layer, Gaussian random, string? input = null)
    {
        Weight[] weights = [.. layer.Parameters.Select((shape, i) =>
        {
            long fanIn = i == 0 ? shape.Count / shape[0] : 100;
            return Weight.FromValues($"{name}.{(i == 0 ? "weight" : "bias")}", shape, random.Values(shape.Count, Math.Sqrt(2.0 / fanIn)));
        })];
        return builder.Add(name, layer, [input ?? builder.Last], weights);
    }

    private static Network Finish(NetworkBuilder builder, string name, int size) =>
        builder.Build(name, new Preprocessing { InputSize = size });
}
