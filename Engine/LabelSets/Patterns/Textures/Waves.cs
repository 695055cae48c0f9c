namespace Interp.Engine.LabelSets.Patterns.Textures;

/// <summary>Stripes moved to and fro by a wave of two parabolas, within 0.06 of a sine.</summary>
internal sealed class Waves() : Pattern("waves", "parallel lines that swing softly to and fro")
{
    /// <inheritdoc/>
    internal override double Second(double u, double v, PatternForm form)
    {
        double t = (2 * Part(v / 2.4)) - 1;
        return Part(u + (2 * t * (1 - Math.Abs(t)))) < form.Duty ? 1 : 0;
    }
}
