using Interp.Cuda.Driver;

namespace Interp.Cuda.Products;

/// <summary>Products by the program's own kernels: needs nothing but the driver. Tiles of 64 or 128, which give the same bits.</summary>
internal sealed class KernelProduct(KernelModules kernels, CudaStream stream, int multiprocessors) : IMatrixProduct
{
    private const int Tile = 64;
    private const int LargeTile = 128;

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

        // With fewer large tiles than multiprocessors some of these would have no work.
        bool large = product.M > Tile && product.N > Tile
            && Tiles(product.M, LargeTile) * (long)Tiles(product.N, LargeTile) * product.Batch >= multiprocessors;
        int tile = large ? LargeTile : Tile;
        (uint X, uint Y, uint Z) grid = (Tiles(product.N, tile), Tiles(product.M, tile), (uint)product.Batch);
        kernels.Launch(stream, large ? $"{kernel}_large" : kernel, grid, a, b, c, product.M, product.N, product.K, product.StrideA,
            product.StrideB, product.StrideC);
    }

    /// <summary>Does nothing: the kernels belong to the backend.</summary>
    public void Dispose()
    {
    }

    private static uint Tiles(int size, int tile) => (uint)((size + tile - 1) / tile);
}
