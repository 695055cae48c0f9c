using Interp.Engine.Common;
using Interp.Engine.LabelSets.Patterns.Textures;

namespace Interp.Engine.LabelSets.Patterns;

/// <summary>Every texture that is drawn.</summary>
public static class PatternCatalog
{
    /// <summary>All textures by name.</summary>
    public static Catalog<Pattern> All { get; } = new(
        "pattern",
        p => p.Name,
        new Striped(),
        new Dotted(),
        new Chequered(),
        new Zigzagged(),
        new Grid(),
        new Crosshatched(),
        new Concentric(),
        new Speckled(),
        new Solid(),
        new Gradient(),
        new Waves(),
        new Bricks());
}
