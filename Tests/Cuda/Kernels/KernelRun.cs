using Interp.Cuda.Driver;
using Interp.Tests.Cuda.Ptx.Execution;
using Interp.Tests.Cuda.Ptx.Storage;
using Interp.Tests.Support;

namespace Interp.Tests.Cuda.Kernels;

/// <summary>A case on a device: buffers, launches of the case's kernel, comparisons.</summary>
internal sealed class KernelRun(string kernel, IKernelDevice device)
{
    private const int Threads = 256;
    private const int PlanePart = 2048;
    private int _buffers;

    /// <summary>A buffer with values.</summary>
    internal DeviceBuffer<T> Upload<T>(T[] values)
        where T : unmanaged => device.Upload<T>($"buffer {_buffers++}", values);

    /// <summary>A buffer of which nothing was written.</summary>
    internal DeviceBuffer<T> Allocate<T>(int count)
        where T : unmanaged => device.Allocate<T>($"buffer {_buffers++}", count);

    /// <inheritdoc cref="KernelDeviceBuffers.AllocatePart"/>
    internal DeviceBuffer<T> AllocatePart<T>(long count, long start, int kept)
        where T : unmanaged => device.AllocatePart<T>($"buffer {_buffers++}", count, start, kept);

    /// <summary>A grid of blocks, <paramref name="blocks"/> across, for kernels that loop over all elements; fewer than the elements need
    /// are enough.</summary>
    internal void Over(int blocks, int images, params ReadOnlySpan<KernelArgument> arguments) =>
        Grid(new Dim3((uint)blocks, (uint)images), arguments);

    /// <summary>A grid of planes.</summary>
    internal void Planes(int planes, int length, int images, params ReadOnlySpan<KernelArgument> arguments) =>
        Grid(new Dim3((uint)(planes * ((length + PlanePart - 1) / PlanePart)), (uint)images), arguments);

    internal void Grid(Dim3 blocks, params ReadOnlySpan<KernelArgument> arguments) =>
        device.Launch(kernel, blocks, new Dim3(Threads), null, arguments);

    /// <summary>Only some blocks of a grid.</summary>
    internal void Blocks(Dim3 blocks, long[] chosen, params ReadOnlySpan<KernelArgument> arguments) =>
        device.Launch(kernel, blocks, new Dim3(Threads), chosen, arguments);

    /// <summary>Fails unless the buffer holds the same bits; any NaN is as good as another.</summary>
    internal static void SameBits(float[] expected, DeviceBuffer<float> found) =>
        TensorAssert.SameBits(Array.ConvertAll(expected, OneNaN), Array.ConvertAll(found.ToArray(), OneNaN), "buffer");

    /// <summary>Fails if a value is further from the expected one than the tolerance, relative to the larger of 1 and the expected
    /// value.</summary>
    internal static void Close(double[] expected, DeviceBuffer<float> found, double tolerance, string reason) =>
        Close(expected, Array.ConvertAll(found.ToArray(), v => (double)v), tolerance, reason);

    /// <inheritdoc cref="Close(double[], DeviceBuffer{float}, double, string)"/>
    internal static void Close(double[] expected, double[] found, double tolerance, string reason)
    {
        Assert.HasCount(expected.Length, found);
        for (int i = 0; i < expected.Length; i++)
        {
            double allowed = tolerance * Math.Max(1, Math.Abs(expected[i]));
            bool equal = expected[i].Equals(found[i]) || Math.Abs(expected[i] - found[i]) <= allowed;
            Assert.IsTrue(equal, $"value {i}: expected {expected[i]:R} within {allowed:E1} ({reason}), found {found[i]:R}");
        }
    }

    private static float OneNaN(float value) => float.IsNaN(value) ? float.NaN : value;
}
