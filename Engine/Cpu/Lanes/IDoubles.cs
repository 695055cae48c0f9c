using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Interp.Engine.Cpu.Lanes;

/// <summary>
/// Float64 values side by side, made of float32 values and rounded to such once, to the nearest, ties to even. Products and sums are
/// rounded one by one, so all widths give the same bits.
/// </summary>
internal unsafe interface IDoubles<T> where T : unmanaged, IDoubles<T>
{
    /// <summary>How many they are.</summary>
    static abstract int Count { get; }

    /// <summary>Float32 values, widened.</summary>
    static abstract T Load(float* address);

    /// <summary>Writes them, rounded.</summary>
    static abstract void Store(T value, float* address);

    /// <summary>Every value times a number.</summary>
    static abstract T Scale(double factor, T value);

    /// <summary>The sums.</summary>
    static abstract T Add(T a, T b);
}

/// <summary>Four of them, on any processor.</summary>
internal readonly unsafe struct Doubles256(Vector256<double> value) : IDoubles<Doubles256>
{
    private readonly Vector256<double> _value = value;

    public static int Count => Vector256<double>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles256 Load(float* address)
    {
        var narrow = Vector128.Load(address);
        return new(Avx.IsSupported ? Avx.ConvertToVector256Double(narrow)
            : Vector256.Create(Vector128.WidenLower(narrow), Vector128.WidenUpper(narrow)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Doubles256 value, float* address) => (Avx.IsSupported ? Avx.ConvertToVector128Single(value._value)
        : Vector128.Narrow(value._value.GetLower(), value._value.GetUpper())).Store(address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles256 Scale(double factor, Doubles256 value) => new(factor * value._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles256 Add(Doubles256 a, Doubles256 b) => new(a._value + b._value);
}

/// <summary>Eight of them, where there are AVX-512 registers.</summary>
internal readonly unsafe struct Doubles512(Vector512<double> value) : IDoubles<Doubles512>
{
    private readonly Vector512<double> _value = value;

    public static int Count => Vector512<double>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles512 Load(float* address) => new(Avx512F.ConvertToVector512Double(Vector256.Load(address)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Doubles512 value, float* address) => Avx512F.ConvertToVector256Single(value._value).Store(address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles512 Scale(double factor, Doubles512 value) => new(factor * value._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles512 Add(Doubles512 a, Doubles512 b) => new(a._value + b._value);
}
