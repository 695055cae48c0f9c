using Interp.Tests.Cuda.Ptx.Parsing;

namespace Interp.Tests.Cuda.Ptx.Operations;

/// <summary>
/// <c>cvt</c>. Whole numbers keep their lowest bits, or with <c>.sat</c> the nearest value of the type; floats become whole numbers of the
/// nearest value, NaN 0; a
/// rounding must be named where PTX demands one.
/// </summary>
internal static class Conversions
{
    internal static Operation? Find(Opcode opcode)
    {
        if (opcode.Types is not [PtxType to, PtxType from] || to.Kind == 'p' || from.Kind == 'p')
        {
            return null;
        }

        if (from is { IsFloat: true, Bytes: 4 } && opcode.Has("ftz"))
        {
            return Find(opcode.Without("ftz")) is { } exact ? (a, b, c, d) => exact(OperationTable.Flush(a), b, c, d) : null;
        }

        string rounding = string.Concat(opcode.Modifiers.ToArray().Where(m => m.StartsWith('r')));
        bool saturate = opcode.Has("sat");
        return opcode.Modifiers.Length != 2 + (rounding.Length > 0 ? 1 : 0) + (saturate ? 1 : 0)
            ? null
            : (from.IsFloat, to.IsFloat) switch
            {
                (false, false) when rounding == "" =>
                    saturate ? (a, _, _, _) => Clamp(Signed(a, from), to) : (a, _, _, _) => (ulong)Extend(a, from) & to.Mask,
                (true, true) => FloatToFloat(from, to, rounding, saturate),
                (true, false) => FloatToInteger(from, to, rounding),
                (false, true) => IntegerToFloat(from, to, rounding),
                _ => null,
            };
    }

    private static Operation? FloatToFloat(PtxType from, PtxType to, string rounding, bool saturate)
    {
        if (saturate)
        {
            return (from.Bytes, to.Bytes, rounding) == (4, 4, "") ? (a, _, _, _) => OperationTable.Saturate(a) : null;
        }

        return (from.Bytes, to.Bytes, rounding) switch
        {
            (4, 8, "") => (a, _, _, _) => Bits.From((double)Bits.To<float>(a)),
            (8, 4, "rn" or "rz" or "rm" or "rp") => (a, _, _, _) => Bits.From(RoundedOperations.Round(Bits.To<double>(a), 0, rounding)),
            (4, 4, "rni" or "rzi" or "rmi" or "rpi") => (a, _, _, _) => Bits.From((float)Whole(Bits.To<float>(a), rounding)),
            (8, 8, "rni" or "rzi" or "rmi" or "rpi") => (a, _, _, _) => Bits.From(Whole(Bits.To<double>(a), rounding)),
            _ => null,
        };
    }

    private static Operation? FloatToInteger(PtxType from, PtxType to, string rounding) =>
        rounding is not ("rni" or "rzi" or "rmi" or "rpi")
        ? null
        : (a, _, _, _) =>
        {
            double whole = Whole(from.Bytes == 4 ? Bits.To<float>(a) : Bits.To<double>(a), rounding);
            return double.IsNaN(whole) ? 0 : Clamp((Int128)Math.Clamp(whole, -1e30, 1e30), to);
        };

    private static Operation? IntegerToFloat(PtxType from, PtxType to, string rounding) => (to.Bytes, rounding) switch
    {
        (4, "rn") when from.IsSigned => (a, _, _, _) => Bits.From((float)Extend(a, from)),
        (4, "rn") => (a, _, _, _) => Bits.From((float)(a & from.Mask)),
        (8, "rn") when from.IsSigned => (a, _, _, _) => Bits.From((double)Extend(a, from)),
        (8, "rn") => (a, _, _, _) => Bits.From((double)(a & from.Mask)),
        (4, "rz" or "rm" or "rp") when from.Bytes <= 4 =>
        (a, _, _, _) => Bits.From(RoundedOperations.Round((double)Signed(a, from), 0, rounding)),
        _ => null,
    };

    private static double Whole(double value, string rounding) => rounding switch
    {
        "rni" => Math.Round(value, MidpointRounding.ToEven),
        "rzi" => Math.Truncate(value),
        "rmi" => Math.Floor(value),
        _ => Math.Ceiling(value),
    };

    /// <summary>A whole number of a type in 64 bits.</summary>
    private static long Extend(ulong bits, PtxType from)
    {
        int unused = 64 - (8 * from.Bytes);
        return from.IsSigned ? (long)(bits << unused) >> unused : (long)(bits & from.Mask);
    }

    private static Int128 Signed(ulong bits, PtxType from) => from.IsSigned ? Extend(bits, from) : bits & from.Mask;

    private static ulong Clamp(Int128 value, PtxType to)
    {
        Int128 least = to.IsSigned ? -(Int128)(to.Mask >> 1) - 1 : 0, most = to.IsSigned ? to.Mask >> 1 : to.Mask;
        return (ulong)(long)(value < least ? least : value > most ? most : value) & to.Mask;
    }
}
