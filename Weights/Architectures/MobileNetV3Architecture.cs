using Interp.Engine.Common;
using Interp.Engine.Functions;
using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Weights.Plans;

namespace Interp.Weights.Architectures;

/// <summary>
/// torchvision's MobileNet v3, large and small (A. Howard et al., arXiv 1905.02244), of any width. Kernels, widths and which blocks squeeze
/// are those of the file; strides, and from which block on hardswish takes the ReLU's place, stand in the paper's tables 1 and 2.
/// </summary>
internal sealed class MobileNetV3Architecture : IArchitecture
{
    private static readonly (int[] Strides, int FirstHardswish)[] Tables =
    [
        ([1, 2, 1, 2, 1, 1, 2, 1, 1, 1, 1, 1, 2, 1, 1], 7),
        ([2, 2, 1, 2, 1, 1, 1, 1, 2, 1, 1], 4),
    ];

    private static Activation Hardswish => Activation.Of(ActivationFunctions.Hardswish);

    /// <inheritdoc/>
    public string Name => "mobilenet_v3";

    /// <inheritdoc/>
    public bool Matches(StateDict dict) => dict.Has("features.1.block.0.0.weight");

    /// <inheritdoc/>
    public ModelPlan Plan(StateDict dict, PlanOptions options)
    {
        int blocks = dict.Members("features").Count(i => dict.Has($"features.{i}.block.0.0.weight"));
        (int[] strides, int firstHardswish) = Tables.FirstOrDefault(t => t.Strides.Length == blocks);
        if (strides is null)
        {
            throw new ModelException($"{blocks} blocks features.N.block, expected 15 (large) or 11 (small): only torchvision's two "
                + "MobileNet v3 can be read, whose strides are known");
        }

        var b = new Blocks(dict, options.Side(this), epsilon: 1e-3);
        string x = b.ConvNorm("features.0", "input", Hardswish, stride: 2);
        for (int i = 1; i <= blocks; i++)
        {
            int stride = strides[i - 1];
            Layer activation = i < firstHardswish ? new ReLU() : Hardswish;
            string inner = b.Bottleneck($"features.{i}.block", x, stride, activation, new ReLU(), ActivationFunctions.Hardsigmoid);
            x = b.Residual($"features.{i}.add", x, inner, stride);
        }

        x = b.Means("avgpool", b.ConvNorm($"features.{blocks + 1}", x, Hardswish));
        new LinearHead(dict, b.Plan, "classifier", Hardswish).Add(b.Channels(x));
        dict.RequireAllUsed("MobileNet v3's features.N and classifier");
        return b.Plan;
    }
}
