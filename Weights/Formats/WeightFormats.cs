using Interp.Engine.Common;

namespace Interp.Weights.Formats;

/// <summary>Every weight file format that can be read.</summary>
public static class WeightFormats
{
    /// <summary>All formats; a new one is one file and one line here.</summary>
    public static Catalog<IWeightFormat> All { get; } = new("weight format", f => f.Name);

    /// <summary>Opens a weight file of any known format, recognised by its first bytes.</summary>
    /// <exception cref="ModelException">No format matches, or the file is damaged.</exception>
    public static WeightSource Open(string path) => throw new NotImplementedException(path);
}
