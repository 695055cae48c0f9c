using Interp.Cuda.Driver;

namespace Interp.Cuda.Products;

/// <summary>Products by the program's own kernels: needs nothing but the driver.</summary>
internal sealed class KernelProduct(KernelModules kernels, CudaStream stream) : IMatrixProduct
{
    private const int Tile = 64;

    public string Name => "own kernels";

    public void Multiply(in Product product, ulong a, ulong b, ulong c)
    {
        string kernel = (product.TransposedA, product.TransposedB) switch
        {
            (false, false) => "sgemm_nn",
            (true, false) => "sgemm_tn",
            (false, true) => "sgemm_nt",
            _ => throw new NotSupportedException("a product of two transposed matrices"),
        };
        (uint X, uint Y, uint Z) grid = (Tiles(product.N), Tiles(product.M), (uint)product.Batch);
        kernels.Launch(stream, kernel, grid, a, b, c, product.M, product.N, product.K, product.StrideA, product.StrideB, product.StrideC);
    }

    /// <summary>Does nothing: the kernels belong to the backend.</summary>
    public void Dispose()
    {
    }

    private static uint Tiles(int size) => (uint)((size + Tile - 1) / Tile);
}
