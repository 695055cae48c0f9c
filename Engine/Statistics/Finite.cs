namespace Interp.Engine.Statistics;

/// <summary>Refuses what is not a number before it can pass for a result.</summary>
internal static class Finite
{
    /// <exception cref="ArgumentException">A value is NaN or infinite.</exception>
    internal static void Check(IReadOnlyList<double> values, string name)
    {
        for (int i = 0; i < values.Count; i++)
        {
            if (!double.IsFinite(values[i]))
            {
                throw new ArgumentException($"value {i} is {values[i]}, expected finite numbers", name);
            }
        }
    }
}
