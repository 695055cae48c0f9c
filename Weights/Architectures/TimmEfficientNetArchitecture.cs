using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Weights.Plans;

namespace Interp.Weights.Architectures;

/// <summary>
/// EfficientNet, EfficientNetV2, Lite, MobileNet v2 and v3, MnasNet and TinyNet under timm's names, of any width and depth. Kernels,
/// widths, which blocks expand and which squeeze are those of the file; <see cref="TimmEfficientNets"/> knows the rest by the network's
/// name, from the configuration beside the file or option 'arch'.
/// </summary>
internal sealed class TimmEfficientNetArchitecture : IArchitecture
{
    /// <inheritdoc/>
    public string Name => "timm_efficientnet";

    /// <inheritdoc/>
    public IReadOnlyList<string> Prefixes => [Name, .. TimmEfficientNets.Prefixes];

    /// <inheritdoc/>
    public bool Matches(StateDict dict) => dict.Has("conv_stem.weight") && dict.Members("blocks.0").Length > 0;

    /// <inheritdoc/>
    public ModelPlan Plan(StateDict dict, PlanOptions options)
    {
        TimmSettings settings = options.Timm
            ?? (options.Architecture is { } asked && asked != Name ? new TimmSettings(asked) : throw new ModelException(
                "an EfficientNet or MobileNet under timm's names: its tensors do not tell strides, activations and padding; put timm's "
                + "config.json beside the file, or give the network's name there, such as option 'arch' tf_efficientnet_b0"));
        TimmEfficientNets network = TimmEfficientNets.Find(settings);
        int[] stages = dict.Members("blocks");
        if (stages.Length != network.Strides.Length)
        {
            throw new ModelException($"{stages.Length} stages blocks.N, expected the {network.Strides.Length} of timm's "
                + $"{Text.OneLine(settings.Architecture)}; give the right name with option 'arch'");
        }

        var b = new Blocks(dict, options.Side(this), network.Epsilon, network.SamePadding ? PaddingRule.SameUpper : null);
        Layer activation = TimmActivation.Of(network.Activation);
        string x = TimmBlocks.ConvNormAct(b, "", "conv_stem", "bn1", "input", activation, stride: 2);
        for (int s = 0; s < stages.Length; s++)
        {
            foreach (int k in dict.Members($"blocks.{s}"))
            {
                Layer act = s < network.Rectified ? new ReLU() : activation;
                x = AddBlock(b, $"blocks.{s}.{k}.", x, k == 0 ? network.Strides[s] : 1, act, network);
            }
        }

        AddHead(b, x, activation, network.PoolsFirst);
        dict.RequireAllUsed("timm's conv_stem, blocks.S.B, conv_head and classifier");
        string padding = $"convolutions are padded {(network.SamePadding ? "as in TensorFlow (SAME)" : "symmetrically")}";
        b.Plan.Assume($"strides, activations, padding and epsilon are those of timm's {Text.OneLine(settings.Architecture)}: "
            + $"the activation is {network.Activation}, {padding}");
        return b.Plan;
    }

    private static void AddHead(Blocks b, string from, Layer activation, bool poolsFirst)
    {
        if (poolsFirst)
        {
            string mean = b.Add("global_pool.pool", new AdaptiveAvgPool2d(Size2.Square(1)), from);
            b.Add("flatten", new Flatten(), b.Add("act2", activation, b.Conv("conv_head", mean)));
        }
        else
        {
            b.Means("global_pool.pool", TimmBlocks.ConvNormAct(b, "", "conv_head", "bn2", from, activation), "global_pool.flatten");
        }

        new LinearHead(b.Dict, b.Plan, "classifier").Add(b.Channels(b.Plan.Last));
    }

    /// <summary>
    /// A block, known by its convolutions: <c>conv</c> alone; <c>conv_exp</c> and <c>conv_pwl</c> (edge residual); <c>conv_dw</c> and
    /// <c>conv_pw</c> (depthwise separable); <c>conv_pw</c>, <c>conv_dw</c> and <c>conv_pwl</c> (inverted residual).
    /// </summary>
    private static string AddBlock(Blocks b, string at, string from, int stride, Layer act, TimmEfficientNets network)
    {
        StateDict dict = b.Dict;
        string x;
        if (dict.Has($"{at}conv.weight"))
        {
            x = TimmBlocks.ConvNormAct(b, at, "conv", "bn1", from, act, stride);
        }
        else if (dict.Has($"{at}conv_exp.weight"))
        {
            x = Squeezed(TimmBlocks.ConvNormAct(b, at, "conv_exp", "bn1", from, act, stride));
            x = b.Conv($"{at}conv_pwl", x, norm: $"{at}bn2");
        }
        else if (dict.Has($"{at}conv_pwl.weight"))
        {
            x = TimmBlocks.ConvNormAct(b, at, "conv_pw", "bn1", from, act);
            x = Squeezed(TimmBlocks.ConvNormAct(b, at, "conv_dw", "bn2", x, act, stride));
            x = b.Conv($"{at}conv_pwl", x, norm: $"{at}bn3");
        }
        else
        {
            x = Squeezed(TimmBlocks.ConvNormAct(b, at, "conv_dw", "bn1", from, act, stride));
            x = b.Conv($"{at}conv_pw", x, norm: $"{at}bn2");
        }

        return b.Residual($"{at}add", from, x, stride, $"{at}drop_path");

        string Squeezed(string maps) => !dict.Has($"{at}se.conv_reduce.weight") ? maps
            : b.SqueezeExcite(
                $"{at}se", maps, network.PoolsFirst ? new ReLU() : act, network.Gate, TimmBlocks.EfficientNetSqueeze);
    }
}
