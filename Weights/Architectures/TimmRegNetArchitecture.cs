using Interp.Engine.Functions;
using Interp.Engine.Layers;
using Interp.Weights.Plans;

namespace Interp.Weights.Architectures;

/// <summary>
/// RegNet X and Y (I. Radosavovic et al., arXiv 2003.13678) under timm's names, of any depth, width and group width. RegNet Z and V, whose
/// activations or order differ, are not among them.
/// </summary>
internal sealed class TimmRegNetArchitecture : IArchitecture
{
    private static readonly string[] Known = ["regnetx_", "regnety_", "test_regnetx", "test_regnety"];

    /// <inheritdoc/>
    public string Name => "timm_regnet";

    /// <inheritdoc/>
    public IReadOnlyList<string> Prefixes => [Name, .. Known];

    /// <inheritdoc/>
    public bool Matches(StateDict dict) => dict.Has("s1.b1.conv1.conv.weight");

    /// <inheritdoc/>
    public ModelPlan Plan(StateDict dict, PlanOptions options)
    {
        TimmNames.Require(options.Timm, Known);
        var b = new Blocks(dict, options.Side(this), options.Timm?.Epsilon ?? BatchNormFold.StandardEpsilon);
        string x = TimmBlocks.ConvNormAct(b, "stem.", "conv", "bn", "input", new ReLU(), stride: 2);
        for (int stage = 1; dict.HasBlock($"s{stage}.b1", "conv1.conv.weight"); stage++)
        {
            for (int block = 1; dict.HasBlock($"s{stage}.b{block}", "conv1.conv.weight"); block++)
            {
                x = Block(b, $"s{stage}.b{block}", x, block == 1 ? 2 : 1);
            }
        }

        x = b.Means("head.global_pool.pool", x, "head.global_pool.flatten");
        new LinearHead(dict, b.Plan, "head.fc").Add(b.Channels(x));
        dict.RequireAllUsed("timm's stem, sN.bN and head.fc of a RegNet X or Y");
        if (options.Timm is null)
        {
            b.Plan.Assume("the network is timm's RegNet X or Y: the activation is the ReLU, every stage begins with stride 2");
        }

        return b.Plan;
    }

    private static string Block(Blocks b, string at, string from, int stride)
    {
        var relu = new ReLU();
        string x = TimmBlocks.ConvNormAct(b, $"{at}.conv1.", "conv", "bn", from, relu);
        x = TimmBlocks.ConvNormAct(b, $"{at}.conv2.", "conv", "bn", x, relu, stride);
        if (b.Dict.Has($"{at}.se.fc1.weight"))
        {
            x = b.SqueezeExcite($"{at}.se", x, relu, ActivationFunctions.Sigmoid, TimmBlocks.Squeeze);
        }

        x = TimmBlocks.ConvNormAct(b, $"{at}.conv3.", "conv", "bn", x, null);
        string shortcut = b.Dict.Has($"{at}.downsample.conv.weight")
            ? TimmBlocks.ConvNormAct(b, $"{at}.downsample.", "conv", "bn", from, null, stride) : from;
        return b.Add($"{at}.act3", relu, b.Add($"{at}.add", new Add(), x, shortcut));
    }
}
