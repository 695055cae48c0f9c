using Interp.Cuda.Driver;

namespace Interp.Cuda.Profiling;

/// <summary>One launch of a raw kernel at a size that it has in VGG16.</summary>
/// <param name="Kernel">Its name, as profilers show it.</param>
/// <param name="Shape">The size in words.</param>
/// <param name="Bytes">What it must move at least.</param>
/// <param name="Flops">What it must compute.</param>
/// <param name="Launch">Queues it.</param>
internal sealed record KernelWorkload(string Kernel, string Shape, long Bytes, long Flops, Action<CudaStream> Launch);

/// <summary>How long one kernel took.</summary>
/// <param name="Kernel">Its name.</param>
/// <param name="Shape">The size in words.</param>
/// <param name="Milliseconds">Median time on the device.</param>
/// <param name="GigabytesPerSecond">Bytes that it must move in that time.</param>
/// <param name="GigaflopsPerSecond">Operations that it must do in that time.</param>
/// <param name="Registers">Registers of a thread, as the driver compiled it.</param>
public sealed record KernelTime(string Kernel, string Shape, double Milliseconds, double GigabytesPerSecond, double GigaflopsPerSecond,
    int Registers);
