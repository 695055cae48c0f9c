namespace Interp.Engine.LabelSets.Patterns.Textures;

/// <summary>In most squares of side ½ a speck at a random place, of radius 0.1 to 0.3.</summary>
internal sealed class Speckled() : Pattern("speckled", "irregular specks of all sizes")
{
    /// <inheritdoc/>
    internal override double Second(double u, double v, PatternForm form)
    {
        (double column, double row) = (Math.Floor(2 * u), Math.Floor(2 * v));
        for (int i = -1; i <= 1; i++)
        {
            for (int j = -1; j <= 1; j++)
            {
                (double x, double y, double radius) = form.Speck((long)column + i, (long)row + j);
                (x, y) = ((2 * u) - column - i - x, (2 * v) - row - j - y);
                if ((x * x) + (y * y) < radius * radius)
                {
                    return 1;
                }
            }
        }

        return 0;
    }
}
