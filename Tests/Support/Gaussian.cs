namespace Interp.Tests.Support;

/// <summary>Reproducible random test data.</summary>
internal sealed class Gaussian(int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>A normal deviate of mean 0 and standard deviation 1 (Box and Muller).</summary>
    public double Next() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());

    /// <summary>Independent deviates.</summary>
    public float[] Values(long count, double deviation = 1)
    {
        var values = new float[count];
        for (long i = 0; i < count; i++)
        {
            values[i] = (float)(deviation * Next());
        }

        return values;
    }
}
