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

    public static float[] Add(float[] a, float[] b)
    {
        var result = new float[a.Length];
        for (int i = 0; i < a.Length; i++)
        {
            result[i] = a[i] + b[i];
        }

        return result;
    }

    /// <summary>target += factor · a ⊙ b.</summary>
    public static void AddProduct(float[] target, float factor, float[] a, float[] b)
    {
        for (int i = 0; i < target.Length; i++)
        {
            target[i] += factor * a[i] * b[i];
        }
    }

    /// <summary>a / (z + ε·sign z), with sign 0 = 1.</summary>
    public static float[] Divide(float[] a, float[] z, double epsilon)
    {
        var result = new float[a.Length];
        float e = (float)epsilon;
        for (int i = 0; i < a.Length; i++)
        {
            result[i] = a[i] == 0 ? 0 : a[i] / (z[i] < 0 ? z[i] - e : z[i] + e);
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
