using Interp.Tests.Support;

namespace Interp.Tests.Cuda.Kernels;

/// <summary>Inputs of kernels.</summary>
internal static class TestValues
{
    private static readonly float[] Special =
    [
        float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0f, -0f, float.Epsilon, -float.Epsilon, 1e-40f, -1e-40f, float.MaxValue,
        float.MinValue, 1f, -1f,
    ];

    internal static float[] Normal(int count, int seed) => new Gaussian(seed).Values(count);

    /// <summary>
    /// Normal deviates among which every special value of float32 stands several times. Of two seeds below 13, each special value of one
    /// meets every one of the other.
    /// </summary>
    internal static float[] Hard(int count, int seed)
    {
        float[] values = Normal(count, seed);
        for (int i = 0; i < count; i += 3)
        {
            values[i] = Special[((7 * (i / 3)) + (seed * (1 + (i / 3 / Special.Length)))) % Special.Length];
        }

        return values;
    }

    internal static double[] Fill(int count, Func<int, double> value) => [.. Enumerable.Range(0, count).Select(value)];

    internal static float[] Fill(int count, Func<int, float> value) => [.. Enumerable.Range(0, count).Select(value)];
}
