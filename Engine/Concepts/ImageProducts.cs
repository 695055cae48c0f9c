using Interp.Engine.LinearAlgebra;

namespace Interp.Engine.Concepts;

/// <summary>
/// All products that concept tests need, so that nothing is computed over features twice: ⟨x_i, x_j⟩ of all images and ⟨g_i, x_j⟩ of all
/// gradients. Float64, over blocks of features in their order; the same bits at any number of threads.
/// </summary>
internal sealed class ImageProducts
{
    private const int Block = 1024;

    private ImageProducts(int count, double[] gram) => (Count, Gram) = (count, gram);

    /// <summary>Images.</summary>
    internal int Count { get; }

    /// <summary>⟨x_i, x_j⟩, <c>[images,images]</c>.</summary>
    internal double[] Gram { get; }

    /// <summary>⟨g_i, x_j⟩ of each class, <c>[photos,images]</c>.</summary>
    internal required double[][] Slopes { get; init; }

    /// <param name="images">x.</param>
    /// <param name="gradients">g of each class.</param>
    /// <param name="parallel">How many threads.</param>
    /// <param name="progress">Told the features done.</param>
    internal static ImageProducts Of(
        IReadOnlyList<float[]> images, IReadOnlyList<IReadOnlyList<float[]>> gradients, ParallelOptions parallel,
            Action<int>? progress = null)
    {
        float[][] rows = [.. images, .. gradients.SelectMany(g => g)];
        int features = images[0].Length, n = images.Count;
        var sums = new double[(long)rows.Length * n];
        for (int first = 0; first < features; first += Block)
        {
            int start = first, width = Math.Min(Block, features - first);
            double[] a = new double[rows.Length * width], b = new double[width * n], product = new double[sums.Length];
            Parallel.For(0, rows.Length, parallel, i =>
            {
                for (int k = 0; k < width; k++)
                {
                    double x = rows[i][start + k];
                    a[(i * width) + k] = x;
                    if (i < n)
                    {
                        b[(k * n) + i] = x;
                    }
                }
            });
            DenseProduct.Multiply(a, b, product, width, n, parallel);
            for (int i = 0; i < sums.Length; i++)
            {
                sums[i] += product[i];
            }

            progress?.Invoke(first + width);
        }

        int at = n * n;
        return new ImageProducts(n, sums[..at])
        {
            Slopes = [.. gradients.Select(g =>
            {
                int length = g.Count * n;
                at += length;
                return sums[(at - length)..at];
            })],
        };
    }
}
