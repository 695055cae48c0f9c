using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Interp.Engine.Tensors;

namespace Interp.Engine.Cpu.Lanes;

/// <summary>Sixteen values in four 128-bit registers: Arm AdvSimd, or any processor through the runtime's software fallback.</summary>
internal unsafe struct Lanes128(Vector128<float> v0, Vector128<float> v1, Vector128<float> v2, Vector128<float> v3) : ILanes<Lanes128>
{
    private Vector128<float> _v0 = v0;
    private Vector128<float> _v1 = v1;
    private Vector128<float> _v2 = v2;
    private Vector128<float> _v3 = v3;

    public static string Name => "vector128";

    public static int TilePixels => 6;

    public static int TileBlocks => 1;

    public static int RegisterLanes => 4;

    public static Lanes128 Zero => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Load(float* address) =>
        new(Vector128.Load(address), Vector128.Load(address + 4), Vector128.Load(address + 8), Vector128.Load(address + 12));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 LoadHalf(ushort* address) =>
        new(Widen(address), Widen(address + 4), Widen(address + 8), Widen(address + 12));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes128 value, float* address)
    {
        value._v0.Store(address);
        value._v1.Store(address + 4);
        value._v2.Store(address + 8);
        value._v3.Store(address + 12);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Broadcast(float value) =>
        new(Vector128.Create(value), Vector128.Create(value), Vector128.Create(value), Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Broadcast(float* address) => Broadcast(*address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Add(Lanes128 a, Lanes128 b) => new(a._v0 + b._v0, a._v1 + b._v1, a._v2 + b._v2, a._v3 + b._v3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Subtract(Lanes128 a, Lanes128 b) => new(a._v0 - b._v0, a._v1 - b._v1, a._v2 - b._v2, a._v3 - b._v3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Multiply(Lanes128 a, Lanes128 b) => new(a._v0 * b._v0, a._v1 * b._v1, a._v2 * b._v2, a._v3 * b._v3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Of(double constant) => Broadcast((float)constant);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Divide(Lanes128 a, Lanes128 b) => new(a._v0 / b._v0, a._v1 / b._v1, a._v2 / b._v2, a._v3 / b._v3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Exp(Lanes128 x) => Elementary.Exp(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Erf(Lanes128 x) => Elementary.Erf(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Log1p(Lanes128 x) => Elementary.Log1p(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Tanh(Lanes128 x) => Elementary.Tanh(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 PowerOfTwo(Lanes128 shifted) =>
        new(Power(shifted._v0), Power(shifted._v1), Power(shifted._v2), Power(shifted._v3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 FusedMultiplyAdd(Lanes128 a, Lanes128 b, Lanes128 c) =>
        new(Vector128.FusedMultiplyAdd(a._v0, b._v0, c._v0), Vector128.FusedMultiplyAdd(a._v1, b._v1, c._v1),
        Vector128.FusedMultiplyAdd(a._v2, b._v2, c._v2), Vector128.FusedMultiplyAdd(a._v3, b._v3, c._v3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(ref Lanes128 sum, Lanes128 a, Lanes128 b)
    {
        sum._v0 = Vector128.FusedMultiplyAdd(a._v0, b._v0, sum._v0);
        sum._v1 = Vector128.FusedMultiplyAdd(a._v1, b._v1, sum._v1);
        sum._v2 = Vector128.FusedMultiplyAdd(a._v2, b._v2, sum._v2);
        sum._v3 = Vector128.FusedMultiplyAdd(a._v3, b._v3, sum._v3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ByRegister<TWork>(TWork work) where TWork : struct, IRegisterWork
    {
        work.Run<Register128>(0);
        work.Run<Register128>(4);
        work.Run<Register128>(8);
        work.Run<Register128>(12);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Rectify(Lanes128 value) =>
        new(Vector128.AndNot(value._v0, Vector128.LessThan(value._v0, Vector128<float>.Zero)),
        Vector128.AndNot(value._v1, Vector128.LessThan(value._v1, Vector128<float>.Zero)),
        Vector128.AndNot(value._v2, Vector128.LessThan(value._v2, Vector128<float>.Zero)),
        Vector128.AndNot(value._v3, Vector128.LessThan(value._v3, Vector128<float>.Zero)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint PositiveBits(Lanes128 value) => Bits(IsPositive(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Greater(Lanes128 a, Lanes128 b) =>
        new(Vector128.GreaterThan(a._v0, b._v0) | ~Vector128.Equals(a._v0, a._v0),
        Vector128.GreaterThan(a._v1, b._v1) | ~Vector128.Equals(a._v1, a._v1),
        Vector128.GreaterThan(a._v2, b._v2) | ~Vector128.Equals(a._v2, a._v2),
        Vector128.GreaterThan(a._v3, b._v3) | ~Vector128.Equals(a._v3, a._v3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Bits(Lanes128 mask) =>
        (uint)mask._v0.ExtractMostSignificantBits() | ((uint)mask._v1.ExtractMostSignificantBits() << 4) | (
        (uint)mask._v2.ExtractMostSignificantBits() << 8) | ((uint)mask._v3.ExtractMostSignificantBits() << 12);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Mask(uint bits) => new(Mask4(bits), Mask4(bits >> 4), Mask4(bits >> 8), Mask4(bits >> 12));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Select(Lanes128 mask, Lanes128 a, Lanes128 b) =>
        new(Vector128.ConditionalSelect(mask._v0, a._v0, b._v0), Vector128.ConditionalSelect(mask._v1, a._v1, b._v1),
        Vector128.ConditionalSelect(mask._v2, a._v2, b._v2), Vector128.ConditionalSelect(mask._v3, a._v3, b._v3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 IsPositive(Lanes128 value) =>
        new(Vector128.GreaterThan(value._v0, Vector128<float>.Zero), Vector128.GreaterThan(value._v1, Vector128<float>.Zero),
        Vector128.GreaterThan(value._v2, Vector128<float>.Zero), Vector128.GreaterThan(value._v3, Vector128<float>.Zero));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Either(Lanes128 mask, Lanes128 other) =>
        new(mask._v0 | other._v0, mask._v1 | other._v1, mask._v2 | other._v2, mask._v3 | other._v3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Keep(Lanes128 mask, Lanes128 value) =>
        new(mask._v0 & value._v0, mask._v1 & value._v1, mask._v2 & value._v2, mask._v3 & value._v3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Permute(Lanes128 value, Lanes128 pattern) =>
        new(Vector128.ShuffleNative(value._v0, pattern._v0.AsInt32()), Vector128.ShuffleNative(value._v1, pattern._v1.AsInt32()),
        Vector128.ShuffleNative(value._v2, pattern._v2.AsInt32()), Vector128.ShuffleNative(value._v3, pattern._v3.AsInt32()));

    public static Lanes128 PermuteAll(Lanes128 value, Lanes128 pattern) =>
        new(Pick(value, pattern._v0.AsInt32()), Pick(value, pattern._v1.AsInt32()), Pick(value, pattern._v2.AsInt32()),
        Pick(value, pattern._v3.AsInt32()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Lanes128 value) => SumQuarters(value._v0 + value._v2, value._v1 + value._v3);

    /// <summary>The second half of every width's sum, from the eight sums of lanes i and i+8.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float SumQuarters(Vector128<float> lower, Vector128<float> upper)
    {
        Vector128<float> four = lower + upper;
        return (four.GetElement(0) + four.GetElement(2)) + (four.GetElement(1) + four.GetElement(3));
    }

    private static Vector128<float> Pick(Lanes128 value, Vector128<int> lanes)
    {
        float* all = stackalloc float[Blocked.Lanes];
        Store(value, all);
        return Vector128.Create(all[lanes[0]], all[lanes[1]], all[lanes[2]], all[lanes[3]]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Mask4(uint bits)
    {
        Vector128<int> lanes = Vector128.Create(1, 2, 4, 8);
        return Vector128.Equals(Vector128.Create((int)bits) & lanes, lanes).AsSingle();
    }

    private static Vector128<float> Widen(ushort* address)
    {
        Span<float> values = stackalloc float[4];
        HalfConversion.Widen(new ReadOnlySpan<ushort>(address, 4), values);
        return Vector128.Create(values);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Power(Vector128<float> shifted) =>
        (Vector128.ShiftLeft(shifted.AsInt32(), 23) + Vector128.Create(0x3F800000)).AsSingle();
}
