using Interp.Engine.Backends;

namespace Interp.Cuda;

/// <summary>How the CUDA backend runs.</summary>
public sealed record CudaOptions
{
    /// <summary>The environment variable that makes the driver suffice, without cuDNN and cuBLAS, when it is 0.</summary>
    internal const string LibrariesVariable = "INTERP_CUDA_LIBRARIES";

    private static readonly bool s_libraries = Environment.GetEnvironmentVariable(LibrariesVariable) != "0";

    /// <summary>Whether products may run on tensor cores, and how exact they then are.</summary>
    public FastMath FastMath { get; init; }

    /// <summary>
    /// Where the vendor's libraries are looked for first; null for the folders that the environment variable <c>INTERP_CUDA_PATH</c> names.
    /// A process uses
    /// one set of libraries: whichever it loaded first.
    /// </summary>
    public string? LibraryFolder { get; init; }

    /// <summary>Which algorithm computes convolutions of 3×3 with stride 1: Winograd's, which takes four times the memory for filters and a
    /// quarter of the multiplications, or direct ones.</summary>
    public ConvChoice Convolution { get; init; }

    /// <summary>How much memory may be spent on speed.</summary>
    public MemoryUse Memory { get; init; }

    /// <summary>Whether cuDNN computes convolutions where it is found; otherwise they are matrix products.</summary>
    public bool UseCuDnn { get; init; } = s_libraries;

    /// <summary>Whether cuBLAS computes matrix products where it is found; otherwise own kernels do.</summary>
    public bool UseCuBlas { get; init; } = s_libraries;
}
