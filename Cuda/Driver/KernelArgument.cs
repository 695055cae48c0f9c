using System.Runtime.CompilerServices;

namespace Interp.Cuda.Driver;

/// <summary>An argument of a kernel: a device address, an offset or count of 64 bits, a whole number or a float of 32 bits.</summary>
internal readonly struct KernelArgument
{
    private KernelArgument(ulong bits, int bytes) => (Bits, Bytes) = (bits, bytes);

    /// <summary>The value in the lowest bytes.</summary>
    internal ulong Bits { get; }

    /// <summary>Its size.</summary>
    internal int Bytes { get; }

    public static implicit operator KernelArgument(ulong address) => new(address, 8);

    public static implicit operator KernelArgument(long value) => new((ulong)value, 8);

    public static implicit operator KernelArgument(int value) => new((uint)value, 4);

    public static implicit operator KernelArgument(uint value) => new(value, 4);

    public static implicit operator KernelArgument(float value) => new(Unsafe.BitCast<float, uint>(value), 4);

    public static implicit operator KernelArgument(double value) => new(Unsafe.BitCast<double, ulong>(value), 8);
}
