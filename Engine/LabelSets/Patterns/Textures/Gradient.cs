namespace Interp.Engine.LabelSets.Patterns.Textures;

/// <summary>From the first to the second colour, straight across the region.</summary>
internal sealed class Gradient() : Pattern("gradient", "one colour passes softly into another")
{
    /// <inheritdoc/>
    internal override double Second(double u, double v, PatternForm form) => Math.Clamp(0.5 + ((u - 0.5) / (2 * form.Extent)), 0, 1);
}
