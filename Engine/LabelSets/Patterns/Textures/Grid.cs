namespace Interp.Engine.LabelSets.Patterns.Textures;

/// <summary>Lines of width 0.1 + 0.2 · duty along both directions.</summary>
internal sealed class Grid() : Pattern("grid", "thin lines that cross at right angles")
{
    /// <inheritdoc/>
    internal override double Second(double u, double v, PatternForm form)
    {
        double width = 0.1 + (0.2 * form.Duty);
        return Part(u) < width || Part(v) < width ? 1 : 0;
    }
}
