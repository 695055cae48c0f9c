namespace Interp.Engine.LabelSets.Patterns.Textures;

/// <summary>Stripes: the part of u below the duty.</summary>
internal sealed class Striped() : Pattern("striped", "straight parallel stripes")
{
    /// <inheritdoc/>
    internal override double Second(double u, double v, PatternForm form) => Part(u) < form.Duty ? 1 : 0;
}
