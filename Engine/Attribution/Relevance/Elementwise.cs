namespace Interp.Engine.Attribution.Relevance;

/// <summary>Sums and products of whole arrays, in index order.</summary>
internal static class Elementwise
{
    /// <summary>What zennit adds to every denominator, with its sign.</summary>
    public const double Stabilizer = 1e-6;

    public static float[] Product(float[] a, float[] b)
    {
        var result = new float[a.Length];
        for (int i = 0; i < a.Length; i++)
        {
            result[i] = a[i] * b[i];
        }

        return result;
    }

    /// <summary>The sum in float64.</summary>
    public static double Sum(float[] values)
    {
        double sum = 0;
        foreach (float value in values)
        {
            sum += value;
        }

        return sum;
    }
}
