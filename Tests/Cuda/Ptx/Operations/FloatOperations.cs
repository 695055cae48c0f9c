using System.Numerics;

namespace Interp.Tests.Cuda.Ptx.Operations;

/// <summary>Floats, rounded to the nearest as IEEE 754 says: the processor's own operations, which are exact in this sense.</summary>
internal static class FloatOperations
{
    internal static void AddTo(OperationTable table)
    {
        AddType<float>(table, "f32");
        AddType<double>(table, "f64");
        table.Unary<float>("neg.f32", x => -x);
        table.Unary<float>("abs.f32", MathF.Abs);
        table.Unary<double>("neg.f64", x => -x);
        table.Unary<double>("abs.f64", Math.Abs);
        table.Binary<float>("min.NaN.f32", MathF.Min);
        table.Binary<float>("max.NaN.f32", MathF.Max);
    }

    private static void AddType<T>(OperationTable table, string type)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        // Without a rounding of its own an operation rounds to the nearest.
        foreach (string rounding in (ReadOnlySpan<string>)[".rn", ""])
        {
            table.Binary<T>($"add{rounding}.{type}", (x, y) => x + y);
            table.Binary<T>($"sub{rounding}.{type}", (x, y) => x - y);
            table.Binary<T>($"mul{rounding}.{type}", (x, y) => x * y);
        }

        table.Ternary<T>($"fma.rn.{type}", T.FusedMultiplyAdd);
        table.Binary<T>($"div.rn.{type}", (x, y) => x / y);
        table.Unary<T>($"rcp.rn.{type}", x => T.One / x);
        table.Unary<T>($"sqrt.rn.{type}", T.Sqrt);

        // The number of a number and a NaN; +0 above -0.
        table.Binary<T>($"min.{type}", T.MinNumber);
        table.Binary<T>($"max.{type}", T.MaxNumber);
        table.Binary<T>($"copysign.{type}", (sign, x) => T.CopySign(x, sign));
    }
}
