namespace Interp.Engine.LabelSets.Patterns.Textures;

/// <summary>Discs of radius 0.2 + 0.2 · duty about the middle of each square of side 1.</summary>
internal sealed class Dotted() : Pattern("dotted", "equal discs on a square lattice")
{
    /// <inheritdoc/>
    internal override double Second(double u, double v, PatternForm form)
    {
        (double x, double y, double radius) = (Part(u) - 0.5, Part(v) - 0.5, 0.2 + (0.2 * form.Duty));
        return (x * x) + (y * y) < radius * radius ? 1 : 0;
    }
}
