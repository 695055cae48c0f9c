using Interp.Engine.Numbers;

namespace Interp.Engine.Cpu.Lanes;

/// <summary>
/// Sixteen float32 values side by side: one block of channels. Kernels are written once over this interface and compiled for each width of
/// register. Every operation is exact or correctly rounded and works lane by lane, so all widths give the same bits.
/// </summary>
internal unsafe interface ILanes<T> : IVector<T>, IReal<T> where T : struct, ILanes<T>
{
    /// <summary>The instruction set in words.</summary>
    static abstract string Name { get; }

    /// <summary>Largest number of pixels that a micro-kernel's tile of accumulators has room for.</summary>
    static abstract int TilePixels { get; }

    /// <summary>Number of output blocks in a micro-kernel's tile.</summary>
    static abstract int TileBlocks { get; }

    /// <summary>Lanes of one register.</summary>
    static abstract int RegisterLanes { get; }

    /// <summary>Sixteen float16 values, widened.</summary>
    static abstract T LoadHalf(ushort* address);

    /// <summary>Does the work for each register of a vector in turn.</summary>
    static abstract void ByRegister<TWork>(TWork work) where TWork : struct, IRegisterWork;

    /// <summary>Zero where negative; NaN and −0 stay.</summary>
    static abstract T Rectify(T value);

    /// <summary>The bits of the lanes that are greater than zero, lane 0 lowest.</summary>
    static abstract uint PositiveBits(T value);

    /// <summary>The mask of the lanes where a is greater than b, or a is NaN.</summary>
    static abstract T Greater(T a, T b);

    /// <summary>The bits of a mask, lane 0 lowest.</summary>
    static abstract uint Bits(T mask);

    /// <summary>The mask with these bits.</summary>
    static abstract T Mask(uint bits);

    /// <summary>
    /// 2^n where the value is n + 12582912 (1.5·2^23) for a whole number n of −126 to 127: n then stands in the lowest bits of the value.
    /// </summary>
    static abstract T PowerOfTwo(T shifted);

    /// <summary>Each lane gets the lane of its register whose number is the pattern's bits there.</summary>
    static abstract T Permute(T value, T pattern);

    /// <summary>Each lane gets the lane, of all sixteen, whose number is the pattern's bits there.</summary>
    static abstract T PermuteAll(T value, T pattern);

    /// <summary>The sum of the lanes, added pairwise in a fixed order: halves, quarters, eighths, neighbours.</summary>
    static abstract float Sum(T value);
}
