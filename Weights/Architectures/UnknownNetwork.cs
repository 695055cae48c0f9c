using Interp.Weights.Formats;
using Interp.Weights.Plans;

namespace Interp.Weights.Architectures;

/// <summary>What a file holds whose tensors are those of no known architecture, and what to do about it.</summary>
internal static class UnknownNetwork
{
    private const string NotYet = "holds no convolutional network that can be read yet, but ";

    /// <summary>Parts of names by which other networks are known, the most telling first, and what they are.</summary>
    private static readonly (string Part, string What)[] Signs =
    [
        (".MBconv.", NotYet + "a MaxViT"),
        ("relative_position_bias_table", NotYet + "a Swin Transformer"),
        ("relative_coords_table", NotYet + "a Swin Transformer v2"),
        ("encoder_layer_0.", NotYet + "torchvision's Vision Transformer"),
        ("attention.attention.query.", NotYet + "a transformer of the package transformers"),
        ("cls_token", NotYet + "a Vision Transformer"),
        ("attn.qkv.", NotYet + "a transformer"),
        ("self_attn.in_proj_weight", NotYet + "a transformer"),
        ("rpn.head.", "holds a detector, which has no class for the whole image"),
        (".normalization.", "holds a network under the names of the package transformers"),
        ("conv_stem.", "holds a network under timm's names"),
        ("stages.0.blocks.0.", "holds a network under timm's names"),
        ("stem.conv.", "holds a network under timm's names"),
        ("stages.0.layers.0.", "holds a network under the names of the package transformers"),
        ("_packed_params", "holds a quantised network, whose model before torch.quantization.convert is wanted"),
    ];

    /// <summary>One line: what the file seems to be, what was expected, and the next step.</summary>
    /// <param name="entries">All tensors.</param>
    /// <param name="known">The architectures that can be read.</param>
    internal static string Describe(IReadOnlyList<WeightEntry> entries, IEnumerable<string> known)
    {
        if (entries.Count == 0)
        {
            return $"holds no tensors; {StateDict.SaveAgain}";
        }

        string some = string.Join(", ", entries.Take(3).Select(e => Text.OneLine(e.Name))) + (entries.Count > 3 ? ", …" : "");
        if (entries.All(e => e.Name is [>= '0' and <= '9', ..]))
        {
            return $"its tensors have numbers for names ({some}), as a Sequential alone has; if they are a network's convolutions, save "
                + "the whole model's state_dict(), or rename them: {'features.' + k: v for k, v in sd.items()}, with the linear layers as "
                + "classifier.N";
        }

        string names = string.Join(", ", known);
        foreach ((string part, string what) in Signs)
        {
            if (entries.FirstOrDefault(e => e.Name.Contains(part, StringComparison.Ordinal)) is { } sign)
            {
                return $"{what} "
                    + $"(tensor '{Text.OneLine(sign.Name)}'); expected one of {names}, under torchvision's names: save such a model's "
                    + "state_dict(), or rename the tensors if it is one";
            }
        }

        return $"no known architecture has tensors named {some}; known are torchvision's {names}; "
            + "rename them so, or, if such a network is one part of the file, say which with option 'weights'";
    }
}
