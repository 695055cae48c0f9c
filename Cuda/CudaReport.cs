using Interp.Cuda.Driver;
using Interp.Cuda.Native;
using Interp.Engine.Common;

namespace Interp.Cuda;

/// <summary>What the CUDA backend finds on this machine, and where it looked: the answer to "why is my GPU not used".</summary>
/// <param name="Libraries">The vendor's libraries.</param>
/// <param name="Device">The first device, or null.</param>
/// <param name="Architecture">Its architecture: <c>sm_90</c>.</param>
/// <param name="Multiprocessors">Number of multiprocessors.</param>
/// <param name="MemoryBytes">Bytes of its memory.</param>
/// <param name="CudaVersion">The newest CUDA version that the driver supports: <c>12.4</c>.</param>
/// <param name="Convolutions">What computes convolutions and products.</param>
/// <param name="SelfCheckError">Relative error of a small network against float64 arithmetic.</param>
/// <param name="Problem">Why the backend cannot be used, or null if it can.</param>
public sealed record CudaReport(
    IReadOnlyList<CudaReport.Library> Libraries, string? Device, string? Architecture, int Multiprocessors, long MemoryBytes,
    string? CudaVersion, string? Convolutions,
    double? SelfCheckError, string? Problem)
{
    /// <summary>Looks for libraries and devices, opens the backend and has it checked. Nothing here fails: problems are part of the
    /// report.</summary>
    public static CudaReport Examine(CudaOptions? options = null)
    {
        CudaDevice? device = null;
        string? convolutions = null, problem = null;
        double? error = null;
        try
        {
            device = CudaDevice.First(options?.LibraryFolder);
            using CudaBackend backend = CudaBackend.Open(options);
            convolutions = backend.Description;
            error = SelfCheck.Run(backend);
            problem = error <= SelfCheck.Tolerance ? null : SelfCheckProblem(error.Value);
        }
        catch (BackendException e)
        {
            problem = e.Message;
        }

        int major = device is null ? 13 : device.CudaVersion / 1000;
        Library[] libraries =
        [
            Of("driver", NativeLibraryFiles.Driver, options), Of("cuBLASLt", NativeLibraryFiles.CuBlasLt(major), options),
            Of("cuBLAS", NativeLibraryFiles.CuBlas(major), options), Of("cuDNN", NativeLibraryFiles.CuDnn, options),
        ];
        return new CudaReport(
            libraries, device?.Name, device?.Architecture, device?.Multiprocessors ?? 0, device?.Memory ?? 0,
            device is null ? null : $"{device.CudaVersion / 1000}.{device.CudaVersion / 10 % 100}", convolutions, error, problem);
    }

    internal static string SelfCheckProblem(double error) =>
        $"CUDA: a small network computed on the device is off by {error:0.0e+0} (at most {SelfCheck.Tolerance:0e+0} expected): the "
        + "device or a library does not compute as it should; use option 'backend' cpu";

    private static Library Of(string name, NativeLibraryFiles files, CudaOptions? options)
    {
        LibrarySearch search = NativeLibraries.Load(files, options?.LibraryFolder);
        return new Library(name, search.File, [.. search.Tried.Select(t => $"{t.Path}: {t.Reason}")]);
    }

    /// <summary>One of the vendor's libraries.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="File">What was loaded, or null.</param>
    /// <param name="Tried">The places before that, and what was wrong with each.</param>
    public sealed record Library(string Name, string? File, IReadOnlyList<string> Tried);
}
