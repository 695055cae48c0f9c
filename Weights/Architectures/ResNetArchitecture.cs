using Interp.Engine.Common;
using Interp.Engine.Functions;
using Interp.Engine.Layers;
using Interp.Weights.Plans;

namespace Interp.Weights.Architectures;

/// <summary>
/// torchvision's ResNet (K. He et al., arXiv 1512.03385), ResNeXt (1611.05431) and Wide ResNet (1605.07146), of any depth and width. The
/// stride of a bottleneck block is that of its 3x3 convolution (torchvision's "v1.5"); in Caffe's networks, which have the same names and
/// shapes, it is that of the first 1x1.
/// </summary>
/// <param name="name"><c>resnet</c>, or <c>resnet_caffe</c> for the other stride.</param>
internal sealed class ResNetArchitecture(string name) : IArchitecture
{
    /// <summary>Parts of the names of timm's variants with other pools, norms or activations.</summary>
    private static readonly string[] Others = ["blur", "aa", "_gn", "rs", "v2", "nn", "est", "_clip"];

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public IReadOnlyList<string> Prefixes => ["resnet", "resnext", "wide_resnet"];

    /// <inheritdoc/>
    public bool NamedOnly => name != "resnet";

    /// <inheritdoc/>
    public bool Matches(StateDict dict) => dict.Has("layer1.0.conv1.weight");

    /// <inheritdoc/>
    public ModelPlan Plan(StateDict dict, PlanOptions options)
    {
        RequireKnown(options.Timm);
        bool bottleneck = dict.Has("layer1.0.conv3.weight");
        var b = new Blocks(dict, options.Side(this), options.Timm?.Epsilon ?? BatchNormFold.StandardEpsilon)
        {
            Grouped = bottleneck,
        };
        string x = b.Add("relu", new ReLU(), Stem(b));
        x = b.Add("maxpool", new MaxPool2d(Window.Square(3, stride: 2, padding: 1)), x);
        for (int stage = 1; dict.HasBlock($"layer{stage}.0", "conv1.weight"); stage++)
        {
            for (int block = 0; dict.HasBlock($"layer{stage}.{block}", "conv1.weight"); block++)
            {
                x = Block(b, $"layer{stage}.{block}", x, stage > 1 && block == 0 ? 2 : 1);
            }
        }

        x = b.Means("avgpool", x);
        new LinearHead(dict, b.Plan, "fc").Add(b.Channels(x));
        dict.RequireAllUsed("ResNet's conv1, bn1, layer1 to layer4, and fc");
        if (bottleneck)
        {
            b.Plan.Assume(NamedOnly ? "a bottleneck block's stride is in its first convolution, as in Caffe"
                : "a bottleneck block's stride is in its 3x3 convolution, as in torchvision (Caffe's: option 'arch' resnet_caffe)");
        }

        return b.Plan;
    }

    /// <summary>One 7x7 convolution, or timm's three 3x3 with ReLUs between them (T. He et al., arXiv 1812.01187, "ResNet-C").</summary>
    private static string Stem(Blocks b)
    {
        if (!b.Dict.Has("conv1.0.weight"))
        {
            return b.Conv("conv1", "input", stride: 2, norm: "bn1");
        }

        string x = b.Add("conv1.2", new ReLU(), b.Conv("conv1.0", "input", stride: 2, norm: "conv1.1"));
        x = b.Add("conv1.5", new ReLU(), b.Conv("conv1.3", x, norm: "conv1.4"));
        return b.Conv("conv1.6", x, norm: "bn1");
    }

    /// <summary>The way around a block: the input, a 1x1 convolution, or timm's mean of 2x2 pixels before one without stride ("ResNet-D").
    /// </summary>
    private static string Shortcut(Blocks b, string at, string from, int stride)
    {
        if (b.Dict.Has($"{at}.downsample.0.weight"))
        {
            return b.Conv($"{at}.downsample.0", from, stride, $"{at}.downsample.1");
        }

        if (b.Dict.Rank($"{at}.downsample.1.weight") != 4)
        {
            return from;
        }

        string pooled = b.Add($"{at}.downsample.0", stride == 1 ? new Identity()
            : new AvgPool2d(Window.Square(stride, stride), CeilMode: true, CountPadding: false), from);
        return b.Conv($"{at}.downsample.1", pooled, norm: $"{at}.downsample.2");
    }

    /// <summary>timm has networks with these tensors and another activation, or pools that blur.</summary>
    private static void RequireKnown(TimmSettings? settings)
    {
        TimmNames.Require(settings, "resnet", "resnext", "wide_resnet", "seresnet", "seresnext");
        if (settings is { } timm && (timm.Activation is not (null or "relu")
            || Others.FirstOrDefault(o => timm.Architecture.Contains(o, StringComparison.Ordinal)) is not null))
        {
            throw new ModelException($"timm's architecture '{Text.OneLine(timm.Architecture)}' is a ResNet whose pools, norms or "
                + "activations are not the usual ones, which its tensors do not tell; export it to ONNX: torch.onnx.export(m, x, "
                + "\"m.onnx\")");
        }
    }

    private string Block(Blocks b, string at, string from, int stride)
    {
        bool bottleneck = b.Dict.Has($"{at}.conv3.weight");
        bool first = !bottleneck || NamedOnly;
        string x = b.Add($"{at}.relu", new ReLU(), b.Conv($"{at}.conv1", from, first ? stride : 1, $"{at}.bn1"));
        x = b.Conv($"{at}.conv2", x, first ? 1 : stride, $"{at}.bn2");
        if (bottleneck)
        {
            x = b.Conv($"{at}.conv3", b.Add($"{at}.relu_1", new ReLU(), x), norm: $"{at}.bn3");
        }

        if (b.Dict.Has($"{at}.se.fc1.weight"))
        {
            x = b.SqueezeExcite($"{at}.se", x, new ReLU(), ActivationFunctions.Sigmoid, TimmBlocks.Squeeze);
        }

        string shortcut = Shortcut(b, at, from, stride);
        return b.Add(bottleneck ? $"{at}.relu_2" : $"{at}.relu_1", new ReLU(), b.Add($"{at}.add", new Add(), x, shortcut));
    }
}
