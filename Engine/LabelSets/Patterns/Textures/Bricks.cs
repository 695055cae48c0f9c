namespace Interp.Engine.LabelSets.Patterns.Textures;

/// <summary>Bricks 2 wide and 1 high, every other course moved by 1; joints of 0.08 + 0.12 · duty.</summary>
internal sealed class Bricks() : Pattern("bricks", "courses of bricks, each moved by half a brick, with thin joints")
{
    /// <inheritdoc/>
    internal override double Second(double u, double v, PatternForm form)
    {
        double joint = 0.08 + (0.12 * form.Duty), moved = u + (2 * Part(Math.Floor(v) / 2));
        return Part(v) < joint || 2 * Part(moved / 2) < joint ? 1 : 0;
    }
}
