using Interp.Engine.Common;
using Interp.Engine.LinearAlgebra;

namespace Interp.Engine.Attribution.Perturbation;

/// <summary>
/// Masks at a coarse grid of pixels, two for each cell along each side, at most 14: what a linear model of the score looks at, and where
/// the maps of two halves are compared.
/// </summary>
internal sealed class RisePoints
{
    private const int Most = 14;
    private readonly RiseMasks _masks;
    private readonly int[] _rows, _columns;
    private readonly double _keep;
    private readonly double[] _down, _across;

    /// <param name="masks">The masks.</param>
    /// <param name="keep">p.</param>
    internal RisePoints(RiseMasks masks, double keep)
    {
        (_masks, _keep) = (masks, keep);
        (_rows, _columns) = (Middles(masks.Height), Middles(masks.Width));
        (_down, _across) = (masks.Overlap(rows: true, _rows), masks.Overlap(rows: false, _columns));
        double at = 0;
        for (int i = 0; i < Count; i++)
        {
            at += Between(i, i);
        }

        Variance = at / Count;

        int[] Middles(int side)
        {
            int parts = Math.Min(Math.Min(Most, 2 * masks.Cells), side);
            return [.. Enumerable.Range(0, parts).Select(i => ((2 * i) + 1) * side / (2 * parts))];
        }
    }

    /// <summary>How many.</summary>
    internal int Count => _rows.Length * _columns.Length;

    /// <summary>The mean of a mask's variance over the points.</summary>
    internal double Variance { get; }

    /// <summary>M − p of a mask at the points.</summary>
    internal double[] Of(int index)
    {
        RiseMask mask = _masks[index];
        var values = new double[Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = _masks.At(mask, _rows[i / _columns.Length], _columns[i % _columns.Length]) - _keep;
        }

        return values;
    }

    /// <summary>M − p of many masks, made on all threads.</summary>
    internal double[][] Of(int[] indices, int threads)
    {
        var all = new double[indices.Length][];
        Parallel.For(0, indices.Length, ThreadLimit.Of(threads), i => all[i] = Of(indices[i]));
        return all;
    }

    /// <summary>Covariance of a mask at two points.</summary>
    internal double Between(int a, int b) => _keep * (1 - _keep)
        * _down[(_rows[a / _columns.Length] * _rows.Length) + (b / _columns.Length)]
        * _across[(_columns[a % _columns.Length] * _columns.Length) + (b % _columns.Length)];

    /// <summary>Σ_b Cov(M(a), M(b)) β_b at the points a.</summary>
    internal double[] AtPoints(double[] beta)
    {
        var sums = new double[Count];
        for (int a = 0; a < Count; a++)
        {
            for (int b = 0; b < Count; b++)
            {
                sums[a] += Between(a, b) * beta[b];
            }
        }

        return sums;
    }

    /// <summary>Σ_b Cov(M(a), M(b)) β_b at all pixels a, <c>[H,W]</c>: first along rows, then along columns.</summary>
    internal double[] AtPixels(double[] beta)
    {
        (int across, int width) = (_columns.Length, _masks.Width);
        var wide = new double[_rows.Length * width];
        for (int i = 0; i < wide.Length; i++)
        {
            for (int k = 0; k < across; k++)
            {
                wide[i] += beta[(i / width * across) + k] * _across[(i % width * across) + k];
            }
        }

        var sums = new double[_masks.Height * width];
        for (int y = 0; y < _masks.Height; y++)
        {
            for (int j = 0; j < _rows.Length; j++)
            {
                Vectors.Add(
                    sums.AsSpan(y * width, width), _keep * (1 - _keep) * _down[(y * _rows.Length) + j], wide.AsSpan(j * width, width));
            }
        }

        return sums;
    }
}
