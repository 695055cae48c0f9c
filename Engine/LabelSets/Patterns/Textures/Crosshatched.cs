namespace Interp.Engine.LabelSets.Patterns.Textures;

/// <summary>Thin dense lines in two directions 60° apart, half a period from one to the next.</summary>
internal sealed class Crosshatched() : Pattern("crosshatched", "thin dense lines that cross at a slant")
{
    /// <inheritdoc/>
    internal override double Second(double u, double v, PatternForm form)
    {
        double width = 0.16 + (0.2 * form.Duty), slanted = (0.5 * u) + (0.8660254037844386 * v);
        return Part(2 * u) < width || Part(2 * slanted) < width ? 1 : 0;
    }
}
