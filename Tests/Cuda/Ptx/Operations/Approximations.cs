namespace Interp.Tests.Cuda.Ptx.Operations;

/// <summary>
/// The approximate functions of the special function unit, whose last bits PTX leaves to the device: here they are computed in float64 and
/// rounded to the nearest,
/// so results that depend on them are to be compared with a tolerance (PTX ISA: 2^-22.5 for ex2 and lg2, 1 ulp for rcp, 2 ulp for div,
/// 2^-20.5 for sin and cos).
/// </summary>
internal static class Approximations
{
    internal static void AddTo(OperationTable table)
    {
        Add(table, "ex2", double.Exp2);
        Add(table, "lg2", Math.Log2);
        Add(table, "sin", Math.Sin);
        Add(table, "cos", Math.Cos);
        Add(table, "tanh", Math.Tanh);
        Add(table, "rcp", x => 1 / x);
        Add(table, "sqrt", Math.Sqrt);
        Add(table, "rsqrt", x => 1 / Math.Sqrt(x));
        table.Binary<float>("div.approx.f32", (x, y) => (float)((double)x / y));
        table.Binary<float>("div.full.f32", (x, y) => (float)((double)x / y));

        // Only the upper halves of operand and result count, subnormals are zeros.
        table.Add("rcp.approx.ftz.f64", (a, _, _, _) =>
            Upper(BitConverter.DoubleToUInt64Bits(1 / BitConverter.UInt64BitsToDouble(Upper(a)))));
        table.Add("rsqrt.approx.ftz.f64", (a, _, _, _) =>
            Upper(BitConverter.DoubleToUInt64Bits(1 / Math.Sqrt(BitConverter.UInt64BitsToDouble(Upper(a))))));
    }

    private static void Add(OperationTable table, string name, Func<double, double> f) =>
        table.Unary<float>($"{name}.approx.f32", x => (float)f(x));

    private static ulong Upper(ulong bits) => (bits & 0x7FF0000000000000) == 0 ? bits & 0x8000000000000000 : bits & 0xFFFFFFFF00000000;
}
