using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Interp.Engine.Cpu.Lanes;

/// <summary>The values of one 128-bit register.</summary>
internal unsafe struct Register128(Vector128<float> value) : IVector<Register128>
{
    private Vector128<float> _value = value;

    public static Register128 Zero => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Register128 Load(float* address) => new(Vector128.Load(address));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Register128 value, float* address) => value._value.Store(address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Register128 Broadcast(float value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Register128 Broadcast(float* address) => new(Vector128.Create(*address));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Register128 Add(Register128 a, Register128 b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Register128 Subtract(Register128 a, Register128 b) => new(a._value - b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Register128 Multiply(Register128 a, Register128 b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Register128 FusedMultiplyAdd(Register128 a, Register128 b, Register128 c) =>
        new(Vector128.FusedMultiplyAdd(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(ref Register128 sum, Register128 a, Register128 b) =>
        sum._value = Vector128.FusedMultiplyAdd(a._value, b._value, sum._value);
}
