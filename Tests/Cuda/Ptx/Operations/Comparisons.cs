using System.Numerics;
using Interp.Tests.Cuda.Ptx.Parsing;

namespace Interp.Tests.Cuda.Ptx.Operations;

/// <summary>What <c>setp</c> compares. The comparisons of floats without a u are false where an operand is a NaN, those with it
/// true.</summary>
internal static class Comparisons
{
    internal static Comparison? Find(Opcode opcode)
    {
        string name = opcode.Modifiers[0];
        PtxType type = opcode.Types[^1];
        Comparison? found = (type.Kind, type.Bytes) switch
        {
            ('f', 4) => Float<float>(name),
            ('f', 8) => Float<double>(name),
            ('s', 2) => Integer<short>(name),
            ('s', 4) => Integer<int>(name),
            ('s', 8) => Integer<long>(name),
            ('u' or 'b', 2) => Integer<ushort>(name),
            ('u' or 'b', 4) => Integer<uint>(name),
            ('u' or 'b', 8) => Integer<ulong>(name),
            _ => null,
        };
        return opcode.Has("ftz") && found is not null ? (a, b) => found(OperationTable.Flush(a), OperationTable.Flush(b)) : found;
    }

    private static Comparison? Integer<T>(string name)
        where T : unmanaged, IBinaryInteger<T> => name switch
        {
            "eq" => (a, b) => Bits.To<T>(a) == Bits.To<T>(b),
            "ne" => (a, b) => Bits.To<T>(a) != Bits.To<T>(b),
            "lt" or "lo" => (a, b) => Bits.To<T>(a) < Bits.To<T>(b),
            "le" or "ls" => (a, b) => Bits.To<T>(a) <= Bits.To<T>(b),
            "gt" or "hi" => (a, b) => Bits.To<T>(a) > Bits.To<T>(b),
            "ge" or "hs" => (a, b) => Bits.To<T>(a) >= Bits.To<T>(b),
            _ => null,
        };

    private static Comparison? Float<T>(string name)
        where T : unmanaged, IFloatingPointIeee754<T> => name switch
        {
            "eq" => (a, b) => Bits.To<T>(a) == Bits.To<T>(b),
            "ne" => (a, b) => Bits.To<T>(a) < Bits.To<T>(b) || Bits.To<T>(a) > Bits.To<T>(b),
            "lt" => (a, b) => Bits.To<T>(a) < Bits.To<T>(b),
            "le" => (a, b) => Bits.To<T>(a) <= Bits.To<T>(b),
            "gt" => (a, b) => Bits.To<T>(a) > Bits.To<T>(b),
            "ge" => (a, b) => Bits.To<T>(a) >= Bits.To<T>(b),
            "equ" => (a, b) => !(Bits.To<T>(a) < Bits.To<T>(b) || Bits.To<T>(a) > Bits.To<T>(b)),
            "neu" => (a, b) => Bits.To<T>(a) != Bits.To<T>(b),
            "ltu" => (a, b) => !(Bits.To<T>(a) >= Bits.To<T>(b)),
            "leu" => (a, b) => !(Bits.To<T>(a) > Bits.To<T>(b)),
            "gtu" => (a, b) => !(Bits.To<T>(a) <= Bits.To<T>(b)),
            "geu" => (a, b) => !(Bits.To<T>(a) < Bits.To<T>(b)),
            "num" => (a, b) => !T.IsNaN(Bits.To<T>(a)) && !T.IsNaN(Bits.To<T>(b)),
            "nan" => (a, b) => T.IsNaN(Bits.To<T>(a)) || T.IsNaN(Bits.To<T>(b)),
            _ => null,
        };
}
