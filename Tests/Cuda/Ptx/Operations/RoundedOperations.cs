namespace Interp.Tests.Cuda.Ptx.Operations;

/// <summary>Sums, products and fused products of float32 that are not rounded to the nearest.</summary>
internal static class RoundedOperations
{
    internal static void AddTo(OperationTable table)
    {
        foreach (string rounding in (ReadOnlySpan<string>)["rz", "rm", "rp"])
        {
            table.Binary<float>($"add.{rounding}.f32", (x, y) => MultiplyAdd(x, 1, y, rounding));
            table.Binary<float>($"sub.{rounding}.f32", (x, y) => MultiplyAdd(x, 1, -y, rounding));
            table.Ternary<float>($"fma.{rounding}.f32", (x, y, z) => MultiplyAdd(x, y, z, rounding));

            // A product of float32 is exact in float64; no zero is added to it, which could change the sign of zero.
            table.Binary<float>($"mul.{rounding}.f32", (x, y) => Round((double)x * y, 0, rounding));
        }
    }

    /// <summary>
    /// A number, given as the sum of a float64 and a much smaller rest, as float32: towards zero (rz), down (rm), up (rp) or to the nearest
    /// (rn, where the rest
    /// must be 0).
    /// </summary>
    internal static float Round(double value, double rest, string rounding)
    {
        float nearest = (float)value;
        if (!double.IsFinite(value))
        {
            return nearest;
        }

        double beyond = value - nearest;
        int error = Math.Sign(beyond != 0 ? beyond : rest);
        bool negative = value < 0 || (value == 0 && rest < 0);
        return rounding switch
        {
            "rm" when error < 0 => MathF.BitDecrement(nearest),
            "rp" when error > 0 => MathF.BitIncrement(nearest),
            "rz" when error < 0 && !negative => MathF.BitDecrement(nearest),
            "rz" when error > 0 && negative => MathF.BitIncrement(nearest),
            _ => nearest,
        };
    }

    /// <summary>x y + z: the product is exact in float64, and so is the sum together with its error (D. Knuth's TwoSum).</summary>
    private static float MultiplyAdd(float x, float y, float z, string rounding)
    {
        double product = (double)x * y, sum = product + z;
        if (sum == 0 && rounding == "rm" && (double.IsNegative(product) || float.IsNegative(z)))
        {
            return -0f;
        }

        double part = sum - product, rest = (product - (sum - part)) + (z - part);
        return Round(sum, double.IsFinite(sum) ? rest : 0, rounding);
    }
}
