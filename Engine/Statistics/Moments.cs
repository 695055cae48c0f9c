namespace Interp.Engine.Statistics;

/// <summary>Mean and variance, by two passes in the order of the values.</summary>
internal static class Moments
{
    internal static double Mean(IReadOnlyList<double> values)
    {
        double sum = 0;
        for (int i = 0; i < values.Count; i++)
        {
            sum += values[i];
        }

        return sum / values.Count;
    }

    /// <summary>Σ (v − mean)² / (n − 1); 0 for one value.</summary>
    internal static double Variance(IReadOnlyList<double> values)
    {
        double mean = Mean(values), squares = 0;
        for (int i = 0; i < values.Count; i++)
        {
            squares += (values[i] - mean) * (values[i] - mean);
        }

        return values.Count > 1 ? squares / (values.Count - 1) : 0;
    }
}
