using Interp.Engine.Common;
using Interp.Weights.Plans;

namespace Interp.Weights.Architectures;

/// <summary>Whether a family has a network of timm's by its name.</summary>
internal static class TimmNames
{
    /// <exception cref="ModelException">The configuration names another network, or changes what the family cannot.</exception>
    internal static void Require(TimmSettings? settings, params ReadOnlySpan<string> beginnings)
    {
        if (settings is null)
        {
            return;
        }

        bool known = false;
        foreach (string beginning in beginnings)
        {
            known |= settings.Architecture.StartsWith(beginning, StringComparison.Ordinal);
        }

        if (!known)
        {
            throw new ModelException($"timm's architecture '{Text.OneLine(settings.Architecture)}' is not known, though its tensors are "
                + $"named as those of {string.Join(", ", beginnings.ToArray().Select(n => n + "*"))}; export it to ONNX: "
                + "torch.onnx.export(m, x, \"m.onnx\")");
        }

        if (settings.SamePadding is true)
        {
            throw new ModelException("timm's pad_type 'same' is not known for this family; export the network to ONNX");
        }
    }
}
