using Interp.Engine.Functions;
using Interp.Engine.Layers;
using Interp.Weights.Plans;

namespace Interp.Weights.Architectures;

/// <summary>
/// torchvision's RegNet X and Y (I. Radosavovic et al., arXiv 2003.13678), of any depth, width and group width. The first block of every
/// stage has stride 2; Y squeezes and excites.
/// </summary>
internal sealed class RegNetArchitecture : IArchitecture
{
    /// <inheritdoc/>
    public string Name => "regnet";

    /// <inheritdoc/>
    public bool Matches(StateDict dict) => dict.Has("trunk_output.block1.block1-0.f.a.0.weight");

    /// <inheritdoc/>
    public ModelPlan Plan(StateDict dict, PlanOptions options)
    {
        var b = new Blocks(dict, options.Side(this));
        string x = b.ConvNorm("stem", "input", new ReLU(), stride: 2);
        for (int stage = 1; dict.HasBlock(At(stage, 0), "f.a.0.weight"); stage++)
        {
            for (int block = 0; dict.HasBlock(At(stage, block), "f.a.0.weight"); block++)
            {
                x = Block(b, At(stage, block), x, block == 0 ? 2 : 1);
            }
        }

        x = b.Means("avgpool", x);
        new LinearHead(dict, b.Plan, "fc").Add(b.Channels(x));
        dict.RequireAllUsed("RegNet's stem, trunk_output and fc");
        return b.Plan;
    }

    private static string At(int stage, int block) => $"trunk_output.block{stage}.block{stage}-{block}";

    private static string Block(Blocks b, string at, string from, int stride)
    {
        string shortcut = b.Dict.Has($"{at}.proj.0.weight") ? b.ConvNorm($"{at}.proj", from, stride: stride) : from;
        string x = b.ConvNorm($"{at}.f.b", b.ConvNorm($"{at}.f.a", from, new ReLU()), new ReLU(), stride);
        if (b.Dict.Has($"{at}.f.se.fc1.weight"))
        {
            x = b.SqueezeExcite($"{at}.f.se", x, new ReLU(), ActivationFunctions.Sigmoid);
        }

        return b.Add($"{at}.activation", new ReLU(), b.Add($"{at}.add", new Add(), shortcut, b.ConvNorm($"{at}.f.c", x)));
    }
}
