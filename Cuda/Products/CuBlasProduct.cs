using Interp.Cuda.Driver;
using Interp.Cuda.Native;

namespace Interp.Cuda.Products;

/// <summary>
/// Products by cuBLAS, in float32 without tensor cores unless TF32 is permitted. Its workspace is given to it, so that a
/// recorded graph takes
/// no memory of its own, and it runs on one stream, so results are the same bits each time.
/// </summary>
internal sealed unsafe class CuBlasProduct : IMatrixProduct
{
    private const int WorkspaceBytes = 32 << 20; // What the vendor recommends for the largest devices.
    private readonly DeviceMemory _workspace;
    private nint _handle;
    private CublasMath _math;

    internal CuBlasProduct(CudaStream stream, bool fastMath)
    {
        _workspace = CudaContext.Allocate(WorkspaceBytes, "cuBLAS's workspace");
        try
        {
            nint handle = 0;
            CudaError.CheckBlas(CuBlas.cublasCreate_v2(&handle), "cublasCreate");
            _handle = handle;

            // In this order: setting the stream takes a workspace away again.
            CudaError.CheckBlas(CuBlas.cublasSetStream_v2(handle, stream.Handle), "cublasSetStream");
            CudaError.CheckBlas(CuBlas.cublasSetWorkspace_v2(handle, _workspace.Address, WorkspaceBytes), "cublasSetWorkspace");
            Use(fastMath ? CublasMath.Tf32TensorOp : CublasMath.Pedantic);
            int version = 0;
            CudaError.CheckBlas(CuBlas.cublasGetVersion_v2(handle, &version), "cublasGetVersion");
            Name = $"cuBLAS {version / 10000}.{version / 100 % 100}";
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string Name { get; } = "cuBLAS";

    public void Multiply(in Product product, ulong a, ulong b, ulong c) => Multiply(product, a, b, c, _math, 0);

    /// <summary>C = op(A)·op(B) + share·C in the given mode, which is kept until another is given.</summary>
    internal void Multiply(in Product product, ulong a, ulong b, ulong c, CublasMath math, float share)
    {
        // Row-major C = A·B is column-major Cᵀ = Bᵀ·Aᵀ.
        float one = 1;
        if (math != _math)
        {
            Use(math);
        }

        CublasOperation opA = product.TransposedA ? CublasOperation.T : CublasOperation.N, opB = product.TransposedB ? CublasOperation.T
            : CublasOperation.N;
        int lda = product.TransposedA ? product.M : product.K, ldb = product.TransposedB ? product.K : product.N;
        int status = product.Batch == 1
            ? CuBlas.cublasSgemm_v2(_handle, opB, opA, product.N, product.M, product.K, &one, b, ldb, a, lda, &share, c, product.N)
            : CuBlas.cublasSgemmStridedBatched(
                _handle, opB, opA, product.N, product.M, product.K, &one, b, ldb, product.StrideB, a, lda, product.StrideA, &share, c,
                product.N, product.StrideC, product.Batch);
        CudaError.CheckBlas(status, $"product of {product.M}x{product.K} and {product.K}x{product.N}");
    }

    private void Use(CublasMath math)
    {
        CudaError.CheckBlas(CuBlas.cublasSetMathMode(_handle, math), "cublasSetMathMode");
        _math = math;
    }

    public void Dispose()
    {
        if (_handle != 0)
        {
            _ = CuBlas.cublasDestroy_v2(_handle);
            _handle = 0;
        }

        _workspace.Dispose();
    }
}
