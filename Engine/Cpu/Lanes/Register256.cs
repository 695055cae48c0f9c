using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Interp.Engine.Cpu.Lanes;

/// <summary>The values of one 256-bit register.</summary>
internal unsafe struct Register256(Vector256<float> value) : IVector<Register256>
{
    private Vector256<float> _value = value;

    public static Register256 Zero => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Register256 Load(float* address) => new(Vector256.Load(address));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Register256 value, float* address) => value._value.Store(address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Register256 Broadcast(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Register256 Broadcast(float* address) => new(Vector256.Create(*address));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Register256 Add(Register256 a, Register256 b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Register256 Subtract(Register256 a, Register256 b) => new(a._value - b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Register256 Multiply(Register256 a, Register256 b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Register256 FusedMultiplyAdd(Register256 a, Register256 b, Register256 c) =>
        new(Vector256.FusedMultiplyAdd(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(ref Register256 sum, Register256 a, Register256 b) =>
        sum._value = Vector256.FusedMultiplyAdd(a._value, b._value, sum._value);
}
