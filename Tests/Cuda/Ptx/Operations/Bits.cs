using System.Runtime.CompilerServices;

namespace Interp.Tests.Cuda.Ptx.Operations;

/// <summary>Values in registers: their bits in the lowest ones, zeros above.</summary>
internal static class Bits
{
    /// <summary>What PTX gives for a NaN as a result in float32.</summary>
    internal const uint CanonicalNaN = 0x7FFFFFFF;

    internal static T To<T>(ulong bits)
        where T : unmanaged => Unsafe.As<ulong, T>(ref bits);

    internal static ulong From<T>(T value)
        where T : unmanaged
    {
        ulong bits = 0;
        Unsafe.As<ulong, T>(ref bits) = value;
        return typeof(T) == typeof(float) && float.IsNaN(To<float>(bits)) ? CanonicalNaN : bits;
    }
}
