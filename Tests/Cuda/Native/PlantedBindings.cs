using Interp.Cuda.Native;

namespace Interp.Tests.Cuda.Native;

/// <summary>Bindings with one mistake each, which the check must find.</summary>
internal static unsafe class PlantedBindings
{
    public const int Count = 12;

    /// <summary>The plain name is the export of an older interface.</summary>
    public static CudaStatus cuMemAlloc(ulong* address, nuint bytes) => default;

    /// <summary>A size of four bytes.</summary>
    public static CudaStatus cuMemAlloc_v2(ulong* address, uint bytes) => default;

    /// <summary>A pointer to four bytes where eight are written.</summary>
    public static CudaStatus cuMemGetInfo_v2(uint* free, nuint* total) => default;

    /// <summary>One parameter too few.</summary>
    public static CudaStatus cuMemsetD32Async(ulong destination, uint value, nuint count) => default;

    /// <summary>Signed for unsigned.</summary>
    public static CudaStatus cuInit(int flags) => default;

    /// <summary>A device is no handle.</summary>
    public static CudaStatus cuDevicePrimaryCtxRetain(nint* context, nint device) => default;

    /// <summary>Another enum's type.</summary>
    public static CudaStatus cuStreamBeginCapture_v2(nint stream, JitOption mode) => default;

    /// <summary>The result of another width.</summary>
    public static int cudnnGetVersion() => default;

    /// <summary>Device memory as a pointer of the host.</summary>
    public static int cublasSetWorkspace_v2(nint handle, float* workspace, nuint bytes) => default;

    /// <summary>The order that belongs to filters.</summary>
    public static int cudnnSetTensor4dDescriptor(nint descriptor, CudnnType type, CudnnFormat format, int n, int c, int h, int w) =>
        default;

    /// <summary>Filter and gradient in exchange, which all have the same types.</summary>
    public static int cudnnGetConvolutionBackwardDataAlgorithm_v7(nint handle, nint dy, nint w, nint convolution, nint dx, int requested,
        int* returned, CudnnAlgorithm* found) =>
        default;

    /// <summary>The scalar in device memory.</summary>
    public static int cublasSgemm_v2(
        nint handle, CublasOperation a, CublasOperation b, int m, int n, int k, ulong alpha, ulong A, int lda, ulong B, int ldb,
        float* beta, ulong C, int ldc) => default;
}
