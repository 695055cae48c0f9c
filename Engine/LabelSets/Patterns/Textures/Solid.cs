namespace Interp.Engine.LabelSets.Patterns.Textures;

/// <summary>The first colour everywhere.</summary>
internal sealed class Solid() : Pattern("solid", "one colour")
{
    /// <inheritdoc/>
    internal override double Second(double u, double v, PatternForm form) => 0;
}
