namespace Interp.Engine.LabelSets.Patterns.Textures;

/// <summary>Stripes moved to and fro by straight flanks.</summary>
internal sealed class Zigzagged() : Pattern("zigzagged", "parallel lines that turn sharply to and fro")
{
    /// <inheritdoc/>
    internal override double Second(double u, double v, PatternForm form) => Part(u + Triangle(v / 1.6)) < form.Duty ? 1 : 0;
}
