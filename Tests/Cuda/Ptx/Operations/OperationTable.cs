using Interp.Tests.Cuda.Ptx.Parsing;

namespace Interp.Tests.Cuda.Ptx.Operations;

/// <summary>All operations by name.</summary>
internal sealed class OperationTable
{
    private static readonly OperationTable All = Build();
    private readonly Dictionary<string, Operation> _operations = [];

    private OperationTable()
    {
    }

    /// <summary>
    /// The operation of a name, null if there is none. <c>.ftz</c> and <c>.sat</c> of float32 are put around the operation without them:
    /// subnormal operands and
    /// results become zeros of their sign; results are clamped to [0,1], NaN to 0.
    /// </summary>
    internal static Operation? Find(Opcode opcode)
    {
        if (All._operations.TryGetValue(opcode.Text, out Operation? known))
        {
            return known;
        }

        if (opcode.Root == "cvt")
        {
            return Conversions.Find(opcode);
        }

        bool single = opcode.Types is [{ IsFloat: true, Bytes: 4 }];
        if (single && opcode.Has("sat"))
        {
            return Find(opcode.Without("sat")) is { } unclamped ? (a, b, c, d) => Saturate(unclamped(a, b, c, d)) : null;
        }

        return single && opcode.Has("ftz") && Find(opcode.Without("ftz")) is { } exact
            ? (a, b, c, d) => Flush(exact(Flush(a), Flush(b), Flush(c), d))
            : null;
    }

    /// <summary>Zero of the same sign for a subnormal float32.</summary>
    internal static ulong Flush(ulong bits) => (bits & 0x7F800000) == 0 ? bits & 0x80000000 : bits;

    /// <summary>Clamped to [0,1]; +0 for NaN.</summary>
    internal static ulong Saturate(ulong bits)
    {
        float value = Bits.To<float>(bits);
        return value >= 1 ? Bits.From(1f) : value > 0 ? bits : 0;
    }

    internal void Unary<T>(string name, Func<T, T> f)
        where T : unmanaged => _operations.Add(name, (a, _, _, _) => Bits.From(f(Bits.To<T>(a))));

    internal void Binary<T>(string name, Func<T, T, T> f)
        where T : unmanaged => _operations.Add(name, (a, b, _, _) => Bits.From(f(Bits.To<T>(a), Bits.To<T>(b))));

    internal void Ternary<T>(string name, Func<T, T, T, T> f)
        where T : unmanaged => _operations.Add(name, (a, b, c, _) => Bits.From(f(Bits.To<T>(a), Bits.To<T>(b), Bits.To<T>(c))));

    internal void Add(string name, Operation operation) => _operations.Add(name, operation);

    private static OperationTable Build()
    {
        var table = new OperationTable();
        MoveOperations.AddTo(table);
        IntegerOperations.AddTo(table);
        BitOperations.AddTo(table);
        FloatOperations.AddTo(table);
        RoundedOperations.AddTo(table);
        Approximations.AddTo(table);
        return table;
    }
}
