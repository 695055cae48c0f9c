namespace Interp.Engine.LabelSets.Patterns.Textures;

/// <summary>Rings: the part of the distance from the centre below the duty.</summary>
internal sealed class Concentric() : Pattern("concentric", "rings about one centre")
{
    /// <inheritdoc/>
    internal override double Second(double u, double v, PatternForm form) => Part(Math.Sqrt((u * u) + (v * v))) < form.Duty ? 1 : 0;
}
