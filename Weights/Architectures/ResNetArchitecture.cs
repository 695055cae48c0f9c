using Interp.Engine.Common;
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
        if (dict.Has("conv1.0.weight"))
        {
            throw new ModelException("conv1 is a stem of several convolutions (tensor 'conv1.0.weight'), as timm's resnet26d has it; "
                + "expected one convolution conv1.weight: convert a ResNet with torchvision's stem");
        }

        bool bottleneck = dict.Has("layer1.0.conv3.weight");
        var b = new Blocks(dict, options.Sides(this)) { Grouped = bottleneck };
        string x = b.Add("relu", new ReLU(), b.Conv("conv1", "input", stride: 2, norm: "bn1"));
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

        string shortcut = b.Dict.Has($"{at}.downsample.0.weight")
            ? b.Conv($"{at}.downsample.0", from, stride, $"{at}.downsample.1") : from;
        return b.Add(bottleneck ? $"{at}.relu_2" : $"{at}.relu_1", new ReLU(), b.Add($"{at}.add", new Add(), x, shortcut));
    }
}
