using Interp.Engine.Backends;
using Interp.Engine.Common;

namespace Interp.Cuda;

/// <summary>Entry point of the CUDA backend. This version has no CUDA kernels yet: opening it always fails, loudly, and nothing falls back in silence.</summary>
public static class CudaBackend
{
    /// <summary>Opens the CUDA backend.</summary>
    /// <exception cref="BackendException">Always, in this version.</exception>
    public static IBackend Open() => throw new BackendException("--backend cuda: this version has no CUDA kernels yet; use --backend cpu or auto");
}
