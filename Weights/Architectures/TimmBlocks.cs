using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Weights.Plans;

namespace Interp.Weights.Architectures;

/// <summary>Parts that several of timm's families share.</summary>
internal static class TimmBlocks
{
    /// <summary>
    /// A convolution, its batch norm and an activation. timm's module of the batch norm does both, so that the activation bears its name,
    /// and what stands before it is <c>bn1.norm</c>.
    /// </summary>
    /// <param name="b">The network.</param>
    /// <param name="at">What stands before the names, with its dot.</param>
    /// <param name="conv">The convolution's name.</param>
    /// <param name="norm">The batch norm's.</param>
    /// <param name="from">What it reads.</param>
    /// <param name="activation">The activation, or null for none.</param>
    /// <param name="stride">The convolution's stride.</param>
    internal static string ConvNormAct(Blocks b, string at, string conv, string norm, string from, Layer? activation, int stride = 1) =>
        activation is null
            ? b.Conv($"{at}{conv}", from, stride, $"{at}{norm}")
            : b.Add($"{at}{norm}", activation, b.Conv($"{at}{conv}", from, stride, $"{at}{norm}", normNode: $"{at}{norm}.norm"));

    /// <summary>Squeeze and excitation of the networks of EfficientNet's blocks.</summary>
    internal static SqueezeNames EfficientNetSqueeze { get; } = new("mean", "conv_reduce", "act1", "conv_expand", "gate");

    /// <summary>Squeeze and excitation of ResNets and RegNets.</summary>
    internal static SqueezeNames Squeeze { get; } = new("mean", "fc1", "act1", "fc2", "gate");
}
