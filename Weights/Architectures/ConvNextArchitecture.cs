using Interp.Engine.Functions;
using Interp.Engine.Layers;
using Interp.Weights.Plans;

namespace Interp.Weights.Architectures;

/// <summary>
/// torchvision's ConvNeXt (Z. Liu et al., arXiv 2201.03545), of any depth and width. Its linear layers over channels are 1x1 convolutions
/// here, and its layer norms work on the channels of each pixel, so that no axis has to move.
/// </summary>
internal sealed class ConvNextArchitecture : IArchitecture
{
    private const double Epsilon = 1e-6;

    /// <inheritdoc/>
    public string Name => "convnext";

    /// <inheritdoc/>
    public bool Matches(StateDict dict) => dict.Has("features.1.0.block.5.weight") && dict.Has("features.1.0.layer_scale");

    /// <inheritdoc/>
    public ModelPlan Plan(StateDict dict, PlanOptions options)
    {
        var b = new Blocks(dict, options.Side(this));
        string x = b.Conv("features.0.0", "input", dict.Kernel("features.0.0.weight"), padding: 0);
        x = b.LayerNorm("features.0.1", x, Epsilon);
        foreach (int stage in dict.Members("features").Skip(1))
        {
            if (dict.Rank($"features.{stage}.1.weight") == 4)
            {
                x = b.LayerNorm($"features.{stage}.0", x, Epsilon);
                x = b.Conv($"features.{stage}.1", x, dict.Kernel($"features.{stage}.1.weight"), padding: 0);
                continue;
            }

            for (int k = 0; dict.HasBlock($"features.{stage}.{k}", "layer_scale"); k++)
            {
                x = Block(b, $"features.{stage}.{k}", x);
            }
        }

        AddHead(b, b.Add("avgpool", new AdaptiveAvgPool2d(Size2.Square(1)), x));
        dict.RequireAllUsed("ConvNeXt's features.N and classifier");
        b.Plan.Assume("layer norms' epsilon is 1e-6, as torchvision has it");
        return b.Plan;
    }

    /// <summary>Layer norm, flatten, linear layer; or, where a user put another one in its place, linear layers alone.</summary>
    private static void AddHead(Blocks b, string pooled)
    {
        bool normalises = b.Dict.Rank("classifier.0.weight") == 1;
        string x = normalises
            ? b.Add("classifier.1", new Flatten(), b.LayerNorm("classifier.0", pooled, Epsilon))
            : b.Add("flatten", new Flatten(), pooled);
        new LinearHead(b.Dict, b.Plan, normalises ? "classifier.2" : "classifier").Add(b.Channels(x));
    }

    private static string Block(Blocks b, string at, string from)
    {
        string x = b.LayerNorm($"{at}.block.2", b.Conv($"{at}.block.0", from), Epsilon);
        x = b.Add($"{at}.block.4", Activation.Of(ActivationFunctions.GELU), b.Linear($"{at}.block.3", x));
        x = b.Linear($"{at}.block.5", x);
        x = b.Scale($"{at}.mul", $"{at}.layer_scale", x);
        return b.Residual($"{at}.add", from, x, stride: 1, $"{at}.stochastic_depth");
    }
}
