using System.Text.RegularExpressions;
using Interp.Engine.Layers;
using Interp.Weights.Plans;

namespace Interp.Weights.Architectures;

/// <summary>
/// torchvision's DenseNet (G. Huang et al., arXiv 1608.06993), of any depth and growth. A batch norm that reads a concatenation cannot be
/// merged into a convolution, since each part has other readers: it is a layer of its own. Files of 2017 name a dense layer's parts
/// <c>norm.1</c>, <c>conv.1</c>, …
/// </summary>
internal sealed partial class DenseNetArchitecture : IArchitecture
{
    /// <inheritdoc/>
    public string Name => "densenet";

    /// <inheritdoc/>
    public bool Matches(StateDict dict) => dict.Has("features.conv0.weight") && dict.Has("features.norm0.weight");

    /// <inheritdoc/>
    public ModelPlan Plan(StateDict dict, PlanOptions options)
    {
        dict = dict.Renamed(n => OldName().Replace(n, "$1$2"));
        var b = new Blocks(dict, options.Side(this)) { Grouped = false };
        string x = b.Add("features.relu0", new ReLU(), b.Conv("features.conv0", "input", stride: 2, norm: "features.norm0"));
        x = b.Add("features.pool0", new MaxPool2d(Window.Square(3, stride: 2, padding: 1)), x);
        for (int k = 1; dict.HasBlock($"features.denseblock{k}.denselayer1", "conv1.weight"); k++)
        {
            x = DenseBlock(b, $"features.denseblock{k}", x);
            string transition = $"features.transition{k}";
            if (dict.HasBlock(transition, "conv.weight"))
            {
                x = b.Add($"{transition}.relu", new ReLU(), b.Norm($"{transition}.norm", x));
                x = b.Add($"{transition}.pool", new AvgPool2d(Window.Square(2, stride: 2)), b.Conv($"{transition}.conv", x));
            }
        }

        x = b.Means("adaptive_avg_pool2d", b.Add("relu", new ReLU(), b.Norm("features.norm5", x)));
        new LinearHead(dict, b.Plan, "classifier").Add(b.Channels(x));
        dict.RequireAllUsed("DenseNet's features.denseblockN.denselayerN, transitions, norm5 and classifier");
        return b.Plan;
    }

    private static string DenseBlock(Blocks b, string at, string from)
    {
        var parts = new List<string> { from };
        for (int k = 1; b.Dict.HasBlock($"{at}.denselayer{k}", "conv1.weight"); k++)
        {
            string layer = $"{at}.denselayer{k}";
            string x = b.Norm($"{layer}.norm1", Join(b, $"{layer}.cat", parts));
            x = b.Conv($"{layer}.conv1", b.Add($"{layer}.relu1", new ReLU(), x), norm: $"{layer}.norm2");
            parts.Add(b.Conv($"{layer}.conv2", b.Add($"{layer}.relu2", new ReLU(), x)));
        }

        return Join(b, $"{at}.cat", parts);
    }

    /// <summary>A concatenation of one part is that part.</summary>
    private static string Join(Blocks b, string name, List<string> parts) =>
        b.Add(name, parts.Count == 1 ? new Identity() : new Concat(), [.. parts]);

    [GeneratedRegex(@"^(.*denselayer\d+\.(?:norm|relu|conv))\.((?:[12])\.(?:weight|bias|running_mean|running_var))$")]
    private static partial Regex OldName();
}
