using System.CommandLine;
using Interp.Cli.Output;
using Interp.Cuda;
using Interp.Engine.Cpu;

namespace Interp.Cli.Commands;

/// <summary><c>doctor</c>: what the backends find on this machine, and every place where a library of the GPU was looked for.</summary>
internal static class DoctorCommand
{
    internal static Command Create(CliContext context) =>
        new ProgramCommand("doctor", "Say what networks can run on here, and why not on a GPU", context, Run)
    {
        SharedOptions.Json,
    }.WithExamples("", "--json");

    private static int Run(Invocation run)
    {
        CudaReport report = CudaReport.Examine();
        if (run.Json)
        {
            run.WriteJson(report, CliJson.Pretty.CudaReport);
            return ExitCodes.Done;
        }

        using var cpu = new CpuBackend();
        run.WriteLine($"cpu: {cpu.Info.InstructionSet}, {cpu.Info.Threads} threads");
        run.WriteLine(report.Device is null
            ? "cuda: no device"
            : $"cuda: {report.Device}, {report.Architecture}, {report.Multiprocessors} multiprocessors, "
            + $"{Readable.Size(report.MemoryBytes)}, driver for CUDA {report.CudaVersion}");
        foreach (CudaReport.Library library in report.Libraries)
        {
            run.WriteLine($"  {library.Name}: {library.File ?? "not found"}");
            foreach (string tried in library.File is null || run.Verbose ? library.Tried : [])
            {
                run.WriteLine($"    {tried}");
            }
        }

        if (report.Convolutions is not null)
        {
            run.WriteLine($"  {report.Convolutions}");
        }

        if (report.SelfCheckError is { } error)
        {
            run.WriteLine($"  a small network, forward and backward, is off by {error:0.0e+0} from float64");
        }

        run.WriteLine(report.Problem is null ? "--backend auto runs on the GPU" : $"--backend auto runs on the CPU: {report.Problem}");
        return ExitCodes.Done;
    }
}
