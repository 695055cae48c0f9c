namespace Interp.Tests.Support;

/// <summary>Comparisons of tensors.</summary>
internal static class TensorAssert
{
    /// <summary>
    /// ‖actual − expected‖₂ / ‖expected‖₂ in float64; for an expected zero the norm of the difference. NaN and infinity must stand in the
    /// same places.
    /// </summary>
    public static double RelativeL2(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual)
    {
        Assert.AreEqual(expected.Length, actual.Length, "number of values");
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            if (!double.IsFinite(expected[i]))
            {
                Assert.AreEqual(expected[i], actual[i], $"value {i}");
                continue;
            }

            Assert.IsTrue(double.IsFinite(actual[i]), $"value {i}: expected {expected[i]}, found {actual[i]}");
            difference += (actual[i] - expected[i]) * (actual[i] - expected[i]);
            norm += expected[i] * expected[i];
        }

        return norm == 0 ? Math.Sqrt(difference) : Math.Sqrt(difference / norm);
    }

    /// <summary>
    /// Fails if the relative L2 difference exceeds the tolerance; <paramref name="reason"/> says why the tolerance is what it is.
    /// </summary>
    public static void RelativeL2(double[] expected, double[] actual, double tolerance, string reason)
    {
        double found = RelativeL2(expected, actual);
        Assert.IsTrue(found <= tolerance, $"relative L2 difference {found:E2} exceeds {tolerance:E2} ({reason})");
    }

    /// <inheritdoc cref="RelativeL2(double[], double[], double, string)"/>
    public static void RelativeL2(double[] expected, float[] actual, double tolerance, string reason) =>
        RelativeL2(expected, Widen(actual), tolerance, reason);

    /// <inheritdoc cref="RelativeL2(double[], double[], double, string)"/>
    public static void RelativeL2(float[] expected, float[] actual, double tolerance, string reason) =>
        RelativeL2(Widen(expected), Widen(actual), tolerance, reason);

    /// <summary>Fails unless both hold the same bits.</summary>
    public static void SameBits(float[] expected, float[] actual, string what)
    {
        Assert.AreEqual(expected.Length, actual.Length, $"{what}: number of values");
        for (int i = 0; i < expected.Length; i++)
        {
            if (BitConverter.SingleToInt32Bits(expected[i]) != BitConverter.SingleToInt32Bits(actual[i]))
            {
                Assert.Fail($"{what}: value {i} is {actual[i]:R}, expected the bits of {expected[i]:R}");
            }
        }
    }

    private static double[] Widen(float[] values) => Array.ConvertAll(values, v => (double)v);
}
