using Interp.Cuda.Driver;
using Interp.Cuda.Native;

namespace Interp.Cuda.Products;

/// <summary>
/// Products on tensor cores of nearly float32's exactness, see <see cref="FastMath.Tf32x3"/>: both factors are split into two parts of TF32
/// each time, and three products of the parts added, the smallest first. A product with few rows or columns is bound by reading its
/// factors, which splitting would make dearer: it stays float32.
/// </summary>
/// <param name="products">Makes the products; disposed of with this.</param>
/// <param name="kernels">Splits.</param>
/// <param name="stream">Where both run.</param>
internal sealed class ThreefoldProduct(CuBlasProduct products, KernelModules kernels, CudaStream stream) : IMatrixProduct
{
    private const int Few = 32;
    private const int Aligned = 64; // values
    private readonly List<DeviceMemory> _parts = []; // Outgrown ones too: recorded graphs name them.

    public string Name => $"{products.Name}, three of TF32 for each";

    public void Multiply(in Product product, ulong a, ulong b, ulong c)
    {
        if (Math.Min(product.M, product.N) < Few)
        {
            products.Multiply(product, a, b, c, CublasMath.Pedantic, 0);
            return;
        }

        long left = Values(product, (long)product.M * product.K, product.StrideA);
        long right = Values(product, (long)product.K * product.N, product.StrideB);
        (long leftStep, long rightStep) = (Padded(left), Padded(right));
        ulong leftLarge = Take(2 * (leftStep + rightStep)), leftSmall = After(leftLarge, leftStep);
        ulong rightLarge = After(leftSmall, leftStep), rightSmall = After(rightLarge, rightStep);
        kernels.LaunchOver(stream, "split_tf32", left, 1, a, leftLarge, leftSmall, left);
        kernels.LaunchOver(stream, "split_tf32", right, 1, b, rightLarge, rightSmall, right);
        products.Multiply(product, leftSmall, rightLarge, c, CublasMath.Tf32TensorOp, 0);
        products.Multiply(product, leftLarge, rightSmall, c, CublasMath.Tf32TensorOp, 1);
        products.Multiply(product, leftLarge, rightLarge, c, CublasMath.Tf32TensorOp, 1);
    }

    public void Dispose()
    {
        _parts.ForEach(p => p.Dispose());
        products.Dispose();
    }

    /// <summary>Values that the factors of a batch reach over.</summary>
    private static long Values(in Product product, long one, long stride) => ((product.Batch - 1) * stride) + one;

    private static long Padded(long values) => (values + Aligned - 1) / Aligned * Aligned;

    private static ulong After(ulong address, long values) => address + ((ulong)values * sizeof(float));

    private ulong Take(long values)
    {
        long bytes = values * sizeof(float);
        if (_parts.Count == 0 || _parts[^1].Bytes < bytes)
        {
            _parts.Add(CudaContext.Allocate(bytes, "factors in parts for option 'fast-math'"));
        }

        return _parts[^1].Address;
    }
}
