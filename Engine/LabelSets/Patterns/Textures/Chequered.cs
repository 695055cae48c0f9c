namespace Interp.Engine.LabelSets.Patterns.Textures;

/// <summary>Squares of side ½: the sum of their whole-numbered places is even or odd.</summary>
internal sealed class Chequered() : Pattern("chequered", "squares of two colours by turns")
{
    /// <inheritdoc/>
    internal override double Second(double u, double v, PatternForm form) =>
        Part((Math.Floor(2 * u) + Math.Floor(2 * v)) / 2) > 0.25 ? 1 : 0;
}
