using Interp.Engine.Layers;
using Interp.Weights.Plans;

namespace Interp.Weights.Architectures;

/// <summary>
/// torchvision's AlexNet (A. Krizhevsky, arXiv 1404.5997): five convolutions, of which the first has 11x11 filters and stride 4; max-pools
/// of 3x3 windows with stride 2; three linear layers.
/// </summary>
internal sealed class AlexNetArchitecture : IArchitecture
{
    private const int StemKernel = 11;

    /// <inheritdoc/>
    public string Name => "alexnet";

    /// <inheritdoc/>
    public bool Matches(StateDict dict) => IsStem(dict);

    /// <inheritdoc/>
    public ModelPlan Plan(StateDict dict, PlanOptions options)
    {
        var b = new Blocks(dict, options.Side(this)) { Grouped = false };
        string x = b.Add("features.1", new ReLU(), b.Conv("features.0", "input", stride: 4, padding: 2));
        x = Pool(2, x);
        x = Pool(5, Convolution(3, x));
        x = Convolution(10, Convolution(8, Convolution(6, x)));
        x = b.Add("avgpool", new AdaptiveAvgPool2d(Size2.Square(6)), Pool(12, x));
        x = b.Add("flatten", new Flatten(), x);
        new LinearHead(dict, b.Plan, "classifier").Add(b.Channels(x));
        dict.RequireAllUsed("AlexNet's features.N and linear layers");
        return b.Plan;

        string Convolution(int index, string from) =>
            b.Add($"features.{index + 1}", new ReLU(), b.Conv($"features.{index}", from));

        string Pool(int index, string from) => b.Add($"features.{index}", new MaxPool2d(Window.Square(3, stride: 2)), from);
    }

    /// <summary>Whether the convolutions are where AlexNet has them, and the first as large.</summary>
    internal static bool IsStem(StateDict dict) =>
        dict.Kernel("features.0.weight") == StemKernel && dict.Indices("features", "weight") is [0, 3, 6, 8, 10];
}
