using System.Numerics;
using Counts = System.Numerics.BitOperations;

namespace Interp.Tests.Cuda.Ptx.Operations;

/// <summary>Logic, shifts and fields of bits.</summary>
internal static class BitOperations
{
    internal static void AddTo(OperationTable table)
    {
        AddType<ushort, short>(table, 16);
        AddType<uint, int>(table, 32);
        AddType<ulong, long>(table, 64);
        AddFields<uint, int>(table, 32);
        AddFields<ulong, long>(table, 64);
        table.Add("popc.b32", (a, _, _, _) => (ulong)Counts.PopCount((uint)a));
        table.Add("popc.b64", (a, _, _, _) => (ulong)Counts.PopCount(a));
        table.Add("clz.b32", (a, _, _, _) => (ulong)Counts.LeadingZeroCount((uint)a));
        table.Add("clz.b64", (a, _, _, _) => (ulong)Counts.LeadingZeroCount(a));
        table.Add("prmt.b32", (a, b, c, _) => Permute((a & uint.MaxValue) | (b << 32), (uint)c));
        table.Add("lop3.b32", (a, b, c, d) => (uint)Lookup(a, b, c, d));
        table.Add("shf.l.wrap.b32", (a, b, c, _) => (((a & uint.MaxValue) | (b << 32)) << ((int)c & 31)) >> 32);
        table.Add("shf.r.wrap.b32", (a, b, c, _) => (uint)(((a & uint.MaxValue) | (b << 32)) >> ((int)c & 31)));
    }

    private static void AddType<TUnsigned, TSigned>(OperationTable table, int bits)
        where TUnsigned : unmanaged, IBinaryInteger<TUnsigned>
        where TSigned : unmanaged, IBinaryInteger<TSigned>
    {
        table.Binary<TUnsigned>($"and.b{bits}", (x, y) => x & y);
        table.Binary<TUnsigned>($"or.b{bits}", (x, y) => x | y);
        table.Binary<TUnsigned>($"xor.b{bits}", (x, y) => x ^ y);
        table.Unary<TUnsigned>($"not.b{bits}", x => ~x);
        table.Add($"shl.b{bits}", (a, b, _, _) => Amount(b) < bits ? Bits.From(Bits.To<TUnsigned>(a) << Amount(b)) : 0);
        table.Add($"shr.u{bits}", Right);
        table.Add($"shr.b{bits}", Right);
        table.Add($"shr.s{bits}", (a, b, _, _) => Bits.From(Bits.To<TSigned>(a) >> Math.Min(Amount(b), bits - 1)));

        ulong Right(ulong a, ulong b, ulong c, ulong d) => Amount(b) < bits ? Bits.From(Bits.To<TUnsigned>(a) >> Amount(b)) : 0;
    }

    /// <summary>Bit field extraction and insertion; position and length are the lowest 8 bits of their operands.</summary>
    private static void AddFields<TUnsigned, TSigned>(OperationTable table, int bits)
        where TUnsigned : unmanaged, IBinaryInteger<TUnsigned>
        where TSigned : unmanaged, IBinaryInteger<TSigned>
    {
        int Length(ulong position, ulong length) => Math.Max(0, Math.Min((byte)length, bits - (byte)position));
        ulong Field(int length) => length == 64 ? ulong.MaxValue : (1UL << length) - 1;
        ulong Word(ulong a) => Bits.From(Bits.To<TUnsigned>(a));

        table.Add($"bfe.u{bits}", (a, b, c, _) => (byte)b >= bits ? 0 : (Word(a) >> (byte)b) & Field(Length(b, c)));
        table.Add($"bfe.s{bits}", (a, b, c, _) =>
        {
            // The field's sign is its highest bit, or that of the value where the field reaches beyond it.
            ulong sign = (byte)c == 0 ? 0 : (Word(a) >> Math.Min((byte)b + (byte)c - 1, bits - 1)) & 1;
            ulong field = (byte)b >= bits ? 0 : (Word(a) >> (byte)b) & Field(Length(b, c));
            return Word(sign == 0 ? field : field | ~Field(Length(b, c)));
        });
        table.Add($"bfi.b{bits}", (a, b, c, d) =>
        {
            ulong field = (byte)c >= bits ? 0 : Field(Length(c, d)) << (byte)c;
            return Word((Word(b) & ~field) | ((byte)c >= bits ? 0 : (a << (byte)c) & field));
        });
    }

    /// <summary>An amount of shift is of 32 bits, unsigned, and no more than the width counts.</summary>
    private static int Amount(ulong b) => (int)Math.Min((uint)b, 64);

    /// <summary>Four bytes chosen of eight; the fourth bit of a choice spreads the byte's sign instead.</summary>
    private static ulong Permute(ulong bytes, uint selection)
    {
        ulong result = 0;
        for (int i = 0; i < 4; i++)
        {
            uint choice = (selection >> (4 * i)) & 15;
            byte chosen = (byte)(bytes >> (int)(8 * (choice & 7)));
            byte value = (choice & 8) == 0 ? chosen : chosen >= 0x80 ? byte.MaxValue : byte.MinValue;
            result |= (ulong)value << (8 * i);
        }

        return result;
    }

    /// <summary>Each bit of the result is that bit of the table which the operands' bits number.</summary>
    private static ulong Lookup(ulong a, ulong b, ulong c, ulong table)
    {
        ulong result = 0;
        for (int i = 0; i < 8; i++)
        {
            if (((table >> i) & 1) != 0)
            {
                result |= ((i & 4) != 0 ? a : ~a) & ((i & 2) != 0 ? b : ~b) & ((i & 1) != 0 ? c : ~c);
            }
        }

        return result;
    }
}
