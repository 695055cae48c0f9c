using System.Runtime.InteropServices;

namespace Interp.Cuda.Native;

/// <summary>The entry points of cuBLAS that the program uses. Matrices are column-major there; scalars are read from host memory at the
/// call.</summary>
internal static unsafe partial class CuBlas
{
    private const string Library = "cublas";

    [LibraryImport(Library)]
    internal static partial int cublasCreate_v2(nint* handle);

    [LibraryImport(Library)]
    internal static partial int cublasDestroy_v2(nint handle);

    [LibraryImport(Library)]
    internal static partial int cublasGetVersion_v2(nint handle, int* version);

    [LibraryImport(Library)]
    internal static partial byte* cublasGetStatusString(int status);

    [LibraryImport(Library)]
    internal static partial int cublasSetStream_v2(nint handle, nint stream);

    [LibraryImport(Library)]
    internal static partial int cublasSetWorkspace_v2(nint handle, ulong workspace, nuint bytes);

    [LibraryImport(Library)]
    internal static partial int cublasSetMathMode(nint handle, CublasMath mode);

    [LibraryImport(Library)]
    internal static partial int cublasSgemm_v2(
        nint handle, CublasOperation a, CublasOperation b, int m, int n, int k, float* alpha, ulong A, int lda, ulong B, int ldb,
        float* beta, ulong C, int ldc);

    [LibraryImport(Library)]
    internal static partial int cublasSgemmStridedBatched(
        nint handle, CublasOperation a, CublasOperation b, int m, int n, int k, float* alpha, ulong A, int lda, long strideA, ulong B,
        int ldb, long strideB,
        float* beta, ulong C, int ldc, long strideC, int batchCount);
}

/// <summary><c>cublasOperation_t</c>.</summary>
internal enum CublasOperation
{
    N = 0,
    T = 1,
}

/// <summary><c>cublasMath_t</c>.</summary>
internal enum CublasMath
{
    Default = 0,
    Pedantic = 2,
    Tf32TensorOp = 3,
}
