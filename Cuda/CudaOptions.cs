namespace Interp.Cuda;

/// <summary>How the CUDA backend runs.</summary>
public sealed record CudaOptions
{
    /// <summary>Permit TF32 on tensor cores, whose products keep 10 bits of the factors, and algorithms that are less exact.</summary>
    public bool FastMath { get; init; }

    /// <summary>
    /// Where the vendor's libraries are looked for first; null for the folders that the environment variable <c>INTERP_CUDA_PATH</c> names. A process uses
    /// one set of libraries: whichever it loaded first.
    /// </summary>
    public string? LibraryFolder { get; init; }

    /// <summary>Whether cuDNN computes convolutions where it is found; otherwise they are matrix products.</summary>
    public bool UseCuDnn { get; init; } = true;

    /// <summary>Whether cuBLAS computes matrix products where it is found; otherwise own kernels do.</summary>
    public bool UseCuBlas { get; init; } = true;
}
