using Interp.Engine.Numbers;

namespace Interp.Engine.Cpu.Lanes;

/// <summary>
/// Float32 values side by side, and arithmetic on them that is correctly rounded and works lane by lane, so that every width gives the same
/// bits.
/// </summary>
internal unsafe interface IVector<T> : IArithmetic<T> where T : struct, IVector<T>
{
    static abstract T Zero { get; }

    static abstract T Load(float* address);

    static abstract void Store(T value, float* address);

    static abstract T Broadcast(float value);

    /// <summary>The value at the address in every lane: a load that needs no arithmetic unit.</summary>
    static abstract T Broadcast(float* address);

    /// <summary>a·b + c, rounded once.</summary>
    static abstract T FusedMultiplyAdd(T a, T b, T c);

    /// <summary>Adds a·b to the sum, rounded once: in place, without which the compiler moves every sum to another register and
    /// back.</summary>
    static abstract void Accumulate(ref T sum, T a, T b);
}

/// <summary>Work on sixteen lanes that needs so many registers that it is done for one register of the lanes after the other.</summary>
internal interface IRegisterWork
{
    /// <summary>Works on the lanes from <paramref name="lane"/> on that one register holds.</summary>
    void Run<TRegister>(int lane) where TRegister : unmanaged, IVector<TRegister>;
}
