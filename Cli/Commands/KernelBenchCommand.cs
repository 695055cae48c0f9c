using System.CommandLine;
using Interp.Cli.Output;
using Interp.Cuda;
using Interp.Cuda.Profiling;

namespace Interp.Cli.Commands;

/// <summary><c>bench kernels</c>: each raw kernel of the GPU by itself, by name, for profilers and for a table.</summary>
internal static class KernelBenchCommand
{
    private static readonly Option<int> s_batch = TypedOption.Whole("--batch", "Images in one launch", 1, 1, 64);
    private static readonly Option<int> s_runs = TypedOption.Whole(
        "--runs", "Measured launches of each kernel, after two to warm up", 10, 1, 10_000);

    internal static Command Create(CliContext context) => new ProgramCommand(
        "kernels", "Measure every raw CUDA kernel at its size in VGG16 on the GPU", context, Run)
    {
        s_batch,
        s_runs,
        SharedOptions.Json,
    }.WithExamples("", "--batch 8 --runs 50 --json");

    private static int Run(Invocation run)
    {
        using CudaBackend backend = CudaBackend.Open();
        run.Note(backend.Description);
        IReadOnlyList<KernelTime> times = KernelBenchmark.Run(backend, run.Get(s_batch), run.Get(s_runs), run.Cancel);
        if (run.Json)
        {
            run.WriteJson(times, CliJson.Pretty.IReadOnlyListKernelTime);
            return ExitCodes.Done;
        }

        var table = new TextTable("kernel", "size", "median ms#", "GB/s#", "GFLOP/s#", "registers#");
        foreach (KernelTime t in times)
        {
            table.Add(t.Kernel, t.Shape, $"{t.Milliseconds:0.0000}", $"{t.GigabytesPerSecond:0}", $"{t.GigaflopsPerSecond:0}",
                $"{t.Registers}");
        }

        run.Write(table);
        return ExitCodes.Done;
    }
}
