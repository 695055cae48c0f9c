using Interp.Cuda.Driver;
using Interp.Cuda.Native;

namespace Interp.Cuda.Profiling;

/// <summary>
/// Launches every raw kernel by itself, at its size in VGG16, and times it by events on the device: what <c>ncu</c> and <c>nsys</c> are
/// pointed at.
/// </summary>
public static class KernelBenchmark
{
    private const int WarmUpRuns = 2;

    /// <summary>Times all kernels.</summary>
    /// <param name="backend">The device.</param>
    /// <param name="batch">Images.</param>
    /// <param name="runs">Measured launches of each.</param>
    /// <param name="cancel">Checked before each kernel.</param>
    public static IReadOnlyList<KernelTime> Run(CudaBackend backend, int batch, int runs, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(backend);
        lock (backend.Gate)
        {
            backend.Context.MakeCurrent();
            using var workloads = new KernelWorkloads(backend.Kernels, backend.Stream, batch);
            using var timer = new CudaTimer(backend.Stream);
            var times = new List<KernelTime>();
            foreach (KernelWorkload workload in workloads.All())
            {
                cancel.ThrowIfCancellationRequested();
                using (Nvtx.Range(workload.Kernel))
                {
                    times.Add(Measure(backend, workload, timer, runs));
                }
            }

            return times;
        }
    }

    private static KernelTime Measure(CudaBackend backend, KernelWorkload workload, CudaTimer timer, int runs)
    {
        for (int i = 0; i < WarmUpRuns; i++)
        {
            workload.Launch(backend.Stream);
        }

        double[] milliseconds = [.. Enumerable.Range(0, runs).Select(_ => timer.Measure(() => workload.Launch(backend.Stream))).Order()];
        double median = (milliseconds[(runs - 1) / 2] + milliseconds[runs / 2]) / 2;
        double seconds = median / 1000;
        return new KernelTime(
            workload.Kernel, workload.Shape, median, workload.Bytes / seconds / 1e9, workload.Flops / seconds / 1e9,
            backend.Kernels.Attribute(workload.Kernel, FunctionAttribute.NumRegs));
    }
}
