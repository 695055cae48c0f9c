using System.Runtime.CompilerServices;

namespace Interp.Engine.Cpu.Lanes;

/// <summary>How a weight is stored, as a type: kernels that read weights in place are compiled for each.</summary>
internal unsafe interface IStoredElement
{
    /// <summary>Sixteen elements as float32.</summary>
    static abstract TLanes Load<TLanes>(void* address) where TLanes : unmanaged, ILanes<TLanes>;

    /// <summary>One element as float32.</summary>
    static abstract float Value(void* address);
}

/// <summary>An element stored as float32.</summary>
internal readonly unsafe struct StoredSingle(float bits) : IStoredElement
{
    private readonly float _bits = bits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Load<TLanes>(void* address) where TLanes : unmanaged, ILanes<TLanes> => TLanes.Load((float*)address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Value(void* address) => ((StoredSingle*)address)->_bits;
}

/// <summary>An element stored as float16.</summary>
internal readonly unsafe struct StoredHalf(Half bits) : IStoredElement
{
    private readonly Half _bits = bits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Load<TLanes>(void* address) where TLanes : unmanaged, ILanes<TLanes> => TLanes.LoadHalf((ushort*)address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Value(void* address) => (float)((StoredHalf*)address)->_bits;
}
