using System.Numerics;
using System.Runtime.CompilerServices;

namespace Interp.Tests.Cuda.Ptx.Operations;

/// <summary>Whole numbers. Sums and products wrap; a division that has no result is an error here, where a GPU gives a number of its
/// own.</summary>
internal static class IntegerOperations
{
    internal static void AddTo(OperationTable table)
    {
        AddType<ushort, uint>(table, "u16");
        AddType<short, int>(table, "s16");
        AddType<uint, ulong>(table, "u32");
        AddType<int, long>(table, "s32");
        AddType<ulong, UInt128>(table, "u64");
        AddType<long, Int128>(table, "s64");
        AddWide<ushort, uint>(table, "u16");
        AddWide<short, int>(table, "s16");
        AddWide<uint, ulong>(table, "u32");
        AddWide<int, long>(table, "s32");
        table.Unary<short>("neg.s16", x => (short)-x);
        table.Unary<int>("neg.s32", x => -x);
        table.Unary<long>("neg.s64", x => -x);
        table.Unary<short>("abs.s16", x => x < 0 ? (short)-x : x);
        table.Unary<int>("abs.s32", x => x < 0 ? -x : x);
        table.Unary<long>("abs.s64", x => x < 0 ? -x : x);
    }

    private static void AddType<T, TWide>(OperationTable table, string type)
        where T : unmanaged, IBinaryInteger<T>
        where TWide : unmanaged, IBinaryInteger<TWide>
    {
        table.Binary<T>($"add.{type}", (x, y) => x + y);
        table.Binary<T>($"sub.{type}", (x, y) => x - y);
        table.Binary<T>($"mul.lo.{type}", (x, y) => x * y);
        table.Binary<T>($"mul.hi.{type}", High);
        table.Ternary<T>($"mad.lo.{type}", (x, y, z) => (x * y) + z);
        table.Ternary<T>($"mad.hi.{type}", (x, y, z) => High(x, y) + z);
        table.Binary<T>($"div.{type}", Quotient);
        table.Binary<T>($"rem.{type}", (x, y) => T.IsNegative(y) && y == -T.One ? T.Zero : T.IsZero(y) ? throw ByZero() : x % y);
        table.Binary<T>($"min.{type}", (x, y) => x < y ? x : y);
        table.Binary<T>($"max.{type}", (x, y) => x > y ? x : y);

        static T High(T x, T y) => T.CreateTruncating((TWide.CreateTruncating(x) * TWide.CreateTruncating(y)) >> (8 * Unsafe.SizeOf<T>()));
    }

    private static void AddWide<T, TWide>(OperationTable table, string type)
        where T : unmanaged, IBinaryInteger<T>
        where TWide : unmanaged, IBinaryInteger<TWide>
    {
        table.Add($"mul.wide.{type}", (a, b, _, _) => Bits.From(Product(a, b)));
        table.Add($"mad.wide.{type}", (a, b, c, _) => Bits.From(Product(a, b) + Bits.To<TWide>(c)));

        static TWide Product(ulong a, ulong b) => TWide.CreateTruncating(Bits.To<T>(a)) * TWide.CreateTruncating(Bits.To<T>(b));
    }

    private static T Quotient<T>(T x, T y)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (T.IsZero(y))
        {
            throw ByZero();
        }

        // -1 of an unsigned type is its largest value; only a signed one has a lowest value that equals its own negative.
        bool overflows = T.IsNegative(x) && x == -x && T.IsNegative(y) && y == -T.One;
        return overflows ? throw new PtxFault(FaultKind.Division, $"{x} divided by -1 has no place in the type") : x / y;
    }

    private static PtxFault ByZero() => new(FaultKind.Division, "division by zero");
}
