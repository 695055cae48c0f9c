using System.Runtime.InteropServices;
using Interp.Cuda.Driver;

namespace Interp.Tests.Cuda.Ptx.Storage;

/// <summary>A buffer of a test in global memory.</summary>
internal sealed class DeviceBuffer<T>(IDeviceBytes bytes)
    where T : unmanaged
{
    /// <summary>Its address, as a kernel's argument.</summary>
    public static implicit operator KernelArgument(DeviceBuffer<T> buffer) => buffer.At(0);

    /// <summary>The address of one of its elements.</summary>
    internal KernelArgument At(long element) => bytes.Address + (ulong)(element * Marshal.SizeOf<T>());

    /// <summary>Writes what is kept of it.</summary>
    internal void Fill(ReadOnlySpan<T> values) => bytes.Fill(MemoryMarshal.AsBytes(values));

    /// <summary>What it holds; fails if a part was never written.</summary>
    internal T[] ToArray() => MemoryMarshal.Cast<byte, T>(bytes.ToArray()).ToArray();
}
