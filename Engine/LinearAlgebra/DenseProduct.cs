using System.Runtime.Intrinsics;

namespace Interp.Engine.LinearAlgebra;

/// <summary>
/// C = A·B in float64. Every element is Σ_k A[i,k]·B[k,j] in the order of k, each product and each sum rounded by itself, so that it has
/// the same bits at any number of threads and on any instruction set.
/// </summary>
internal static class DenseProduct
{
    private const int Panel = 8, Rows = 4, RowsPerTask = 64;

    /// <param name="a"><c>[rows,inner]</c>.</param>
    /// <param name="b"><c>[inner,columns]</c>.</param>
    /// <param name="c"><c>[rows,columns]</c>, overwritten.</param>
    /// <param name="inner">Columns of A and rows of B.</param>
    /// <param name="columns">Columns of B.</param>
    /// <param name="parallel">How many threads.</param>
    internal static void Multiply(double[] a, double[] b, double[] c, int inner, int columns, ParallelOptions parallel)
    {
        int rows = a.Length / inner;
        int panels = (columns + Panel - 1) / Panel, parts = (rows + RowsPerTask - 1) / RowsPerTask;
        var packed = new double[(long)panels * inner * Panel];
        Parallel.For(0, panels, parallel, p =>
        {
            int first = p * Panel, width = Math.Min(Panel, columns - first);
            for (int k = 0; k < inner; k++)
            {
                b.AsSpan((k * columns) + first, width).CopyTo(packed.AsSpan(((p * inner) + k) * Panel));
            }
        });
        Parallel.For(0, panels * parts, parallel, task =>
        {
            (int panel, int part) = (task % panels, task / panels);
            int first = panel * Panel, width = Math.Min(Panel, columns - first);
            ReadOnlySpan<double> strip = packed.AsSpan(panel * inner * Panel, inner * Panel);
            Span<double> tile = stackalloc double[Rows * Panel];
            int end = Math.Min(rows, (part + 1) * RowsPerTask);
            for (int i = part * RowsPerTask; i < end; i += Rows)
            {
                // The last tile of a part reads its last row again where there are fewer than four.
                int last = end - 1;
                Tile(
                    a.AsSpan(i * inner, inner), a.AsSpan(Math.Min(i + 1, last) * inner, inner),
                    a.AsSpan(Math.Min(i + 2, last) * inner, inner), a.AsSpan(Math.Min(i + 3, last) * inner, inner), strip, tile);
                for (int r = 0; r < Rows && i + r < end; r++)
                {
                    tile.Slice(r * Panel, width).CopyTo(c.AsSpan(((i + r) * columns) + first));
                }
            }
        });
    }

    /// <summary>Aᵀ.</summary>
    internal static double[] Transpose(double[] a, int columns)
    {
        int rows = a.Length / columns;
        var t = new double[a.LongLength];
        for (int i = 0; i < rows; i++)
        {
            for (int k = 0; k < columns; k++)
            {
                t[(k * rows) + i] = a[(i * columns) + k];
            }
        }

        return t;
    }

    private static void Tile(
        ReadOnlySpan<double> a0, ReadOnlySpan<double> a1, ReadOnlySpan<double> a2, ReadOnlySpan<double> a3, ReadOnlySpan<double> strip,
        Span<double> tile)
    {
        Vector256<double> s00 = default, s01 = default, s10 = default, s11 = default, s20 = default, s21 = default, s30 = default,
            s31 = default;
        for (int k = 0; k < a0.Length; k++)
        {
            ReadOnlySpan<double> row = strip.Slice(k * Panel, Panel);
            Vector256<double> b0 = Vector256.Create(row), b1 = Vector256.Create(row[4..]);
            Vector256<double> a = Vector256.Create(a0[k]);
            (s00, s01) = (s00 + (a * b0), s01 + (a * b1));
            a = Vector256.Create(a1[k]);
            (s10, s11) = (s10 + (a * b0), s11 + (a * b1));
            a = Vector256.Create(a2[k]);
            (s20, s21) = (s20 + (a * b0), s21 + (a * b1));
            a = Vector256.Create(a3[k]);
            (s30, s31) = (s30 + (a * b0), s31 + (a * b1));
        }

        s00.CopyTo(tile);
        s01.CopyTo(tile[4..]);
        s10.CopyTo(tile[8..]);
        s11.CopyTo(tile[12..]);
        s20.CopyTo(tile[16..]);
        s21.CopyTo(tile[20..]);
        s30.CopyTo(tile[24..]);
        s31.CopyTo(tile[28..]);
    }
}
