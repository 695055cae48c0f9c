using Interp.Engine.Functions;
using Interp.Engine.Layers;
using Interp.Weights.Plans;

namespace Interp.Weights.Architectures;

/// <summary>
/// torchvision's MobileNet v2 (M. Sandler et al., arXiv 1801.04381), of any width: seven stages of inverted residual blocks, whose strides
/// stand in the paper's table 2 and not in the file.
/// </summary>
internal sealed class MobileNetV2Architecture : IArchitecture
{
    /// <summary>Blocks and stride of each stage.</summary>
    private static readonly (int Blocks, int Stride)[] Stages = [(1, 1), (2, 2), (3, 2), (4, 2), (3, 1), (3, 2), (1, 1)];

    private static Activation ReLU6 => Activation.Of(ActivationFunctions.ReLU6);

    /// <inheritdoc/>
    public string Name => "mobilenet_v2";

    /// <inheritdoc/>
    public bool Matches(StateDict dict) => dict.Has("features.1.conv.0.0.weight");

    /// <inheritdoc/>
    public ModelPlan Plan(StateDict dict, PlanOptions options)
    {
        var b = new Blocks(dict, options.Side(this));
        string x = b.ConvNorm("features.0", "input", ReLU6, stride: 2);
        int index = 1;
        foreach ((int blocks, int stride) in Stages)
        {
            for (int k = 0; k < blocks; k++, index++)
            {
                x = Block(b, $"features.{index}", x, k == 0 ? stride : 1);
            }
        }

        x = b.Means("adaptive_avg_pool2d", b.ConvNorm($"features.{index}", x, ReLU6));
        new LinearHead(dict, b.Plan, "classifier").Add(b.Channels(x));
        dict.RequireAllUsed("MobileNet v2's 19 features.N and classifier");
        return b.Plan;
    }

    private static string Block(Blocks b, string at, string from, int stride)
    {
        bool expands = b.Dict.Has($"{at}.conv.1.0.weight");
        string x = expands ? b.ConvNorm($"{at}.conv.0", from, ReLU6) : from;
        x = b.ConvNorm(expands ? $"{at}.conv.1" : $"{at}.conv.0", x, ReLU6, stride);
        int last = expands ? 2 : 1;
        x = b.Conv($"{at}.conv.{last}", x, norm: $"{at}.conv.{last + 1}");
        return b.Residual($"{at}.add", from, x, stride);
    }
}
