using Interp.Engine.Common;
using Interp.Engine.LinearAlgebra;

namespace Interp.Engine.Attribution.Perturbation;

/// <summary>Sums over masks at every pixel, in float64 and in the order of the masks; parallel over bands of rows, so that the bits are
/// the same at any number of threads.</summary>
internal static class RiseSums
{
    private const int Band = 16, Chunk = 256;

    /// <summary>Σ_i w_i M_i, <c>[H,W]</c>.</summary>
    /// <param name="masks">All masks.</param>
    /// <param name="weights">w of the first ones.</param>
    /// <param name="threads">How many may compute.</param>
    internal static double[] Of(RiseMasks masks, double[] weights, int threads)
    {
        var sums = new double[masks.Height * masks.Width];
        for (int first = 0; first < weights.Length; first += Chunk)
        {
            int start = first;
            RiseMask[] some = [.. Enumerable.Range(first, Math.Min(Chunk, weights.Length - first)).Select(i => masks[i])];
            Parallel.For(0, (masks.Height + Band - 1) / Band, ThreadLimit.Of(threads), band =>
            {
                var buffer = new double[RiseRows.BufferOf(masks.Width)];
                for (int i = 0; i < some.Length; i++)
                {
                    var rows = new RiseRows(masks, some[i], band * Band, Math.Min((band + 1) * Band, masks.Height), buffer);
                    while (rows.MoveNext())
                    {
                        Vectors.Add(sums.AsSpan(rows.Y * masks.Width, masks.Width), weights[start + i], rows.Current);
                    }
                }
            });
        }

        return sums;
    }
}
