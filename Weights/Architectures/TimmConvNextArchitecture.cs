using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Weights.Plans;

namespace Interp.Weights.Architectures;

/// <summary>
/// ConvNeXt (Z. Liu et al., arXiv 2201.03545) under timm's names, of any depth and width, with linear layers or 1x1 convolutions. ConvNeXt
/// v2, which normalises its responses, is not.
/// </summary>
internal sealed class TimmConvNextArchitecture : IArchitecture
{
    /// <summary>The networks whose layer norms have ε 1e-5 instead of 1e-6.</summary>
    private static readonly string[] Rougher = ["test_convnext", "convnext_xxlarge"];

    private static readonly string[] Known =
    [
        "test_convnext", "convnext_zepto", "convnext_atto", "convnext_femto", "convnext_pico", "convnext_nano", "convnext_tiny",
        "convnext_small", "convnext_base", "convnext_large", "convnext_xlarge", "convnext_xxlarge",
    ];

    /// <inheritdoc/>
    public string Name => "timm_convnext";

    /// <inheritdoc/>
    public bool Matches(StateDict dict) => dict.Has("stages.0.blocks.0.conv_dw.weight") && dict.Has("stem.0.weight");

    /// <inheritdoc/>
    public ModelPlan Plan(StateDict dict, PlanOptions options)
    {
        TimmNames.Require(options.Timm, Known);
        string name = options.Timm?.Architecture ?? "";
        Layer activation = TimmActivation.Of(options.Timm?.Activation ?? (name == "test_convnext" ? "gelu_tanh" : "gelu"));
        double epsilon = options.Timm?.Epsilon ?? (Rougher.Contains(name) ? 1e-5 : 1e-6);
        var b = new Blocks(dict, options.Side(this));
        string x = b.Conv("stem.0", "input", dict.Kernel("stem.0.weight"), padding: 0);
        x = b.LayerNorm("stem.1", x, epsilon);
        foreach (int stage in dict.Members("stages"))
        {
            string at = $"stages.{stage}";
            if (dict.Has($"{at}.downsample.0.weight"))
            {
                x = b.LayerNorm($"{at}.downsample.0", x, epsilon);
                x = b.Conv($"{at}.downsample.1", x, dict.Kernel($"{at}.downsample.1.weight"), padding: 0);
            }

            foreach (int block in dict.Members($"{at}.blocks"))
            {
                x = Block(b, $"{at}.blocks.{block}", x, activation, epsilon);
            }
        }

        x = b.LayerNorm("head.norm", b.Add("head.global_pool.pool", new AdaptiveAvgPool2d(Size2.Square(1)), x), epsilon);
        x = b.Add("head.flatten", new Flatten(), x);
        new LinearHead(dict, b.Plan, "head.fc").Add(b.Channels(x));
        dict.RequireAllUsed("timm's stem, stages.S.blocks.B and head of a ConvNeXt");
        b.Plan.Assume($"layer norms' epsilon is {(epsilon == 1e-6 ? "1e-6" : $"{epsilon:0E0}")}, as timm has it");
        return b.Plan;
    }

    private static string Block(Blocks b, string at, string from, Layer activation, double epsilon)
    {
        string x = b.LayerNorm($"{at}.norm", b.Conv($"{at}.conv_dw", from), epsilon);
        x = Linear($"{at}.mlp.fc2", b.Add($"{at}.mlp.act", activation, Linear($"{at}.mlp.fc1", x)));
        if (b.Dict.Has($"{at}.gamma"))
        {
            x = b.Scale($"{at}.mul", $"{at}.gamma", x);
        }

        return b.Residual($"{at}.add", from, x, stride: 1, $"{at}.drop_path");

        string Linear(string name, string maps) =>
            b.Dict.Rank($"{name}.weight") == 4 ? b.Conv(name, maps) : b.Linear(name, maps);
    }
}
