using Interp.Engine.Common;
using Interp.Engine.Functions;
using Interp.Engine.Layers;
using Interp.Weights.Plans;

namespace Interp.Weights.Architectures;

/// <summary>
/// torchvision's EfficientNet B0 to B7 (M. Tan, Q. Le, arXiv 1905.11946) and V2 (2104.00298), of any width and depth. Kernels, widths and
/// which blocks squeeze are those of the file; the stages' strides are those of the papers' tables, and ε is 1e-5 up to B4 and 1e-3 from B5
/// on and in V2, told apart by the last convolution's width.
/// </summary>
internal sealed class EfficientNetArchitecture : IArchitecture
{
    private const int WidthOfB5 = 2048;
    private static readonly int[] Strides = [1, 2, 2, 2, 1, 2, 1];

    private static Activation SiLU => Activation.Of(ActivationFunctions.SiLU);

    /// <inheritdoc/>
    public string Name => "efficientnet";

    /// <inheritdoc/>
    public bool Matches(StateDict dict) => dict.Has("features.1.0.block.0.0.weight");

    /// <inheritdoc/>
    public ModelPlan Plan(StateDict dict, PlanOptions options)
    {
        int stages = dict.Members("features").Count(i => dict.Has($"features.{i}.0.block.0.0.weight"));
        if (stages > Strides.Length)
        {
            throw new ModelException($"{stages} stages features.N, expected at most {Strides.Length}, whose strides are known; only "
                + "torchvision's EfficientNets can be read");
        }

        bool fused = dict.Require("features.1.0.block.0.0.weight", rank: 4).Shape[1] > 1;
        int width = dict.Require($"features.{stages + 1}.0.weight", rank: 4).Shape[0];
        var b = new Blocks(dict, options.Side(this), fused || width >= WidthOfB5 ? 1e-3 : BatchNormFold.StandardEpsilon);
        string x = b.ConvNorm("features.0", "input", SiLU, stride: 2);
        for (int s = 1; s <= stages; s++)
        {
            for (int k = 0; dict.HasBlock($"features.{s}.{k}", "block.0.0.weight"); k++)
            {
                int stride = k == 0 ? Strides[s - 1] : 1;
                string at = $"features.{s}.{k}";
                string inner = b.Bottleneck($"{at}.block", x, stride, SiLU, SiLU, ActivationFunctions.Sigmoid);
                x = b.Residual($"{at}.add", x, inner, stride, $"{at}.stochastic_depth");
            }
        }

        x = b.Means("avgpool", b.ConvNorm($"features.{stages + 1}", x, SiLU));
        new LinearHead(dict, b.Plan, "classifier").Add(b.Channels(x));
        dict.RequireAllUsed("EfficientNet's features.N and classifier");
        return b.Plan;
    }
}
