using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Interp.Engine.Tensors;

namespace Interp.Engine.Cpu.Lanes;

/// <summary>Sixteen values in two 256-bit registers.</summary>
internal unsafe struct Lanes256(Vector256<float> v0, Vector256<float> v1) : ILanes<Lanes256>
{
    private Vector256<float> _v0 = v0;
    private Vector256<float> _v1 = v1;

    public static string Name => "avx2";

    public static int TilePixels => 6;

    public static int TileBlocks => 1;

    public static int RegisterLanes => 8;

    public static Lanes256 Zero => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Load(float* address) => new(Vector256.Load(address), Vector256.Load(address + 8));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 LoadHalf(ushort* address) =>
        new(HalfConversion.Widen(Avx2.ConvertToVector256Int32((short*)address)),
        HalfConversion.Widen(Avx2.ConvertToVector256Int32((short*)address + 8)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes256 value, float* address)
    {
        value._v0.Store(address);
        value._v1.Store(address + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Broadcast(float value) => new(Vector256.Create(value), Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Broadcast(float* address)
    {
        Vector256<float> all = Avx.BroadcastScalarToVector256(address);
        return new(all, all);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Add(Lanes256 a, Lanes256 b) => new(a._v0 + b._v0, a._v1 + b._v1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Subtract(Lanes256 a, Lanes256 b) => new(a._v0 - b._v0, a._v1 - b._v1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Multiply(Lanes256 a, Lanes256 b) => new(a._v0 * b._v0, a._v1 * b._v1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Of(double constant) => Broadcast((float)constant);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Divide(Lanes256 a, Lanes256 b) => new(a._v0 / b._v0, a._v1 / b._v1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Exp(Lanes256 x) => Elementary.Exp(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Erf(Lanes256 x) => Elementary.Erf(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Log1p(Lanes256 x) => Elementary.Log1p(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Tanh(Lanes256 x) => Elementary.Tanh(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 PowerOfTwo(Lanes256 shifted) =>
        new(Power(shifted._v0), Power(shifted._v1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 FusedMultiplyAdd(Lanes256 a, Lanes256 b, Lanes256 c) =>
        new(Vector256.FusedMultiplyAdd(a._v0, b._v0, c._v0), Vector256.FusedMultiplyAdd(a._v1, b._v1, c._v1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(ref Lanes256 sum, Lanes256 a, Lanes256 b)
    {
        sum._v0 = Vector256.FusedMultiplyAdd(a._v0, b._v0, sum._v0);
        sum._v1 = Vector256.FusedMultiplyAdd(a._v1, b._v1, sum._v1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ByRegister<TWork>(TWork work) where TWork : struct, IRegisterWork
    {
        work.Run<Register256>(0);
        work.Run<Register256>(8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Rectify(Lanes256 value) =>
        new(Vector256.AndNot(value._v0, Vector256.LessThan(value._v0, Vector256<float>.Zero)),
        Vector256.AndNot(value._v1, Vector256.LessThan(value._v1, Vector256<float>.Zero)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint PositiveBits(Lanes256 value) => Bits(IsPositive(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Greater(Lanes256 a, Lanes256 b) =>
        new(Vector256.GreaterThan(a._v0, b._v0) | ~Vector256.Equals(a._v0, a._v0),
        Vector256.GreaterThan(a._v1, b._v1) | ~Vector256.Equals(a._v1, a._v1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Bits(Lanes256 mask) =>
        (uint)mask._v0.ExtractMostSignificantBits() | ((uint)mask._v1.ExtractMostSignificantBits() << 8);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Mask(uint bits) => new(Mask8(bits), Mask8(bits >> 8));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Select(Lanes256 mask, Lanes256 a, Lanes256 b) =>
        new(Vector256.ConditionalSelect(mask._v0, a._v0, b._v0), Vector256.ConditionalSelect(mask._v1, a._v1, b._v1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 IsPositive(Lanes256 value) =>
        new(Vector256.GreaterThan(value._v0, Vector256<float>.Zero), Vector256.GreaterThan(value._v1, Vector256<float>.Zero));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Either(Lanes256 mask, Lanes256 other) => new(mask._v0 | other._v0, mask._v1 | other._v1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Keep(Lanes256 mask, Lanes256 value) => new(mask._v0 & value._v0, mask._v1 & value._v1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Permute(Lanes256 value, Lanes256 pattern) =>
        new(Vector256.ShuffleNative(value._v0, pattern._v0.AsInt32()), Vector256.ShuffleNative(value._v1, pattern._v1.AsInt32()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 PermuteAll(Lanes256 value, Lanes256 pattern) =>
        new(Pick(value, pattern._v0.AsInt32()), Pick(value, pattern._v1.AsInt32()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Lanes256 value) => SumHalves(value._v0, value._v1);

    /// <summary>The fixed order of every width's sum: lane i and lane i+8 first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float SumHalves(Vector256<float> lower, Vector256<float> upper)
    {
        Vector256<float> eight = lower + upper;
        return Lanes128.SumQuarters(eight.GetLower(), eight.GetUpper());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Pick(Lanes256 value, Vector256<int> lanes)
    {
        Vector256<int> seven = Vector256.Create(7), within = lanes & seven;
        return Vector256.ConditionalSelect(Vector256.GreaterThan(lanes, seven).AsSingle(),
            Vector256.ShuffleNative(value._v1, within), Vector256.ShuffleNative(value._v0, within));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Mask8(uint bits)
    {
        Vector256<int> lanes = Vector256.Create(1, 2, 4, 8, 16, 32, 64, 128);
        return Vector256.Equals(Vector256.Create((int)bits) & lanes, lanes).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Power(Vector256<float> shifted) =>
        (Vector256.ShiftLeft(shifted.AsInt32(), 23) + Vector256.Create(0x3F800000)).AsSingle();
}
