using System.Runtime.InteropServices;
using Interp.Cuda.Driver;
using Interp.Tests.Cuda.Ptx.Execution;
using Interp.Tests.Cuda.Ptx.Storage;

namespace Interp.Tests.Cuda.Kernels;

/// <summary>What kernels run on: the interpreter of PTX, or a GPU.</summary>
internal interface IKernelDevice
{
    /// <summary>A buffer of which nothing was written.</summary>
    /// <param name="name">Its name, for messages.</param>
    /// <param name="length">Its size in bytes.</param>
    /// <param name="kept">The bytes that the test fills and looks at: an interpreter has no others.</param>
    IDeviceBytes Allocate(string name, long length, (long Start, int Count) kept);

    /// <summary>Launches a kernel on all blocks of a grid, or where blocks are named by their numbers, at least on these.</summary>
    void Launch(string kernel, Dim3 blocks, Dim3 threads, long[]? chosen, params ReadOnlySpan<KernelArgument> arguments);
}

/// <summary>Typed buffers of a device.</summary>
internal static class KernelDeviceBuffers
{
    /// <summary>A buffer that holds values.</summary>
    internal static DeviceBuffer<T> Upload<T>(this IKernelDevice device, string name, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        DeviceBuffer<T> buffer = device.Allocate<T>(name, values.Length);
        buffer.Fill(values);
        return buffer;
    }

    /// <summary>A buffer of which nothing was written.</summary>
    internal static DeviceBuffer<T> Allocate<T>(this IKernelDevice device, string name, int count)
        where T : unmanaged => device.AllocatePart<T>(name, count, 0, count);

    /// <summary>A buffer of which only a part may be looked at: for sizes that memory does not have.</summary>
    internal static DeviceBuffer<T> AllocatePart<T>(this IKernelDevice device, string name, long count, long start, int kept)
        where T : unmanaged
    {
        int size = Marshal.SizeOf<T>();
        return new DeviceBuffer<T>(device.Allocate(name, count * size, (start * size, kept * size)));
    }
}
