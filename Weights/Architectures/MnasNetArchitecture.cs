using Interp.Engine.Layers;
using Interp.Weights.Plans;

namespace Interp.Weights.Architectures;

/// <summary>
/// torchvision's MNASNet (M. Tan et al., arXiv 1807.11626), of any width, the old stem of 32 channels included: a separable convolution and
/// six stages of inverted residual blocks, whose strides stand in the paper's figure 7 and not in the file.
/// </summary>
internal sealed class MnasNetArchitecture : IArchitecture
{
    private const int FirstStage = 8;
    private static readonly int[] Strides = [2, 2, 2, 1, 2, 1];

    /// <inheritdoc/>
    public string Name => "mnasnet";

    /// <inheritdoc/>
    public bool Matches(StateDict dict) => dict.Has("layers.8.0.layers.0.weight");

    /// <inheritdoc/>
    public ModelPlan Plan(StateDict dict, PlanOptions options)
    {
        var b = new Blocks(dict, options.Side(this));
        string x = Convolution(b, "layers", 0, "input", stride: 2);
        x = b.Conv("layers.6", Convolution(b, "layers", 3, x), norm: "layers.7");
        for (int s = 0; s < Strides.Length; s++)
        {
            for (int k = 0; dict.HasBlock($"layers.{FirstStage + s}.{k}", "layers.0.weight"); k++)
            {
                int stride = k == 0 ? Strides[s] : 1;
                string at = $"layers.{FirstStage + s}.{k}";
                string inner = Convolution(b, $"{at}.layers", 3, Convolution(b, $"{at}.layers", 0, x), stride);
                x = b.Residual($"{at}.add", x, b.Conv($"{at}.layers.6", inner, norm: $"{at}.layers.7"), stride);
            }
        }

        x = b.Means("mean", Convolution(b, "layers", FirstStage + Strides.Length, x));
        new LinearHead(dict, b.Plan, "classifier").Add(b.Channels(x));
        dict.RequireAllUsed("MNASNet's layers.N and classifier");
        return b.Plan;
    }

    /// <summary>Convolution, batch norm and ReLU as three members of a Sequential.</summary>
    private static string Convolution(Blocks b, string sequence, int index, string from, int stride = 1) =>
        b.Add($"{sequence}.{index + 2}", new ReLU(),
            b.Conv($"{sequence}.{index}", from, stride, $"{sequence}.{index + 1}"));
}
