using Interp.Engine.Common;
using Interp.Weights.Formats.PyTorch;
using Interp.Weights.Formats.Safetensors;

namespace Interp.Weights.Formats;

/// <summary>Every weight file format that can be read.</summary>
public static class WeightFormats
{
    /// <summary>All formats; a new one is one file and one line here.</summary>
    public static Catalog<IWeightFormat> All { get; } = new(
        "weight format",
        f => f.Name,
        new PyTorchZipFormat(),
        new PyTorchLegacyFormat(),
        new SafetensorsFormat());

    /// <summary>Opens a weight file of any known format, recognised by its first bytes.</summary>
    /// <exception cref="ModelException">No format matches, or the file is damaged.</exception>
    public static WeightSource Open(string path)
    {
        byte[] head = WeightFile.HeadOf(path);
        IWeightFormat? format = All.FirstOrDefault(f => f.Matches(head));
        if (format is null && Path.GetExtension(path).Equals(".safetensors", StringComparison.OrdinalIgnoreCase))
        {
            format = All.Find("safetensors"); // Its own message says more than that nothing matches.
        }

        return format?.Open(path)
            ?? throw new ModelException($"{path}: " + (ForeignModel.Describe(head, path)
                ?? $"{ForeignFile.Describe(head)}; readable formats: {string.Join(", ", All.Names)}"));
    }
}
