using System.Buffers;
using System.Numerics;
using Interp.Engine.Arithmetic;
using Interp.Engine.Common;

namespace Interp.Engine.Attribution.Perturbation;

/// <summary>A random mask before it is enlarged.</summary>
/// <param name="Grid">0 or 1 for each of s×s cells.</param>
/// <param name="Top">Its row offset.</param>
/// <param name="Left">Its column offset.</param>
internal sealed record RiseMask(double[] Grid, int Top, int Left);

/// <summary>
/// RISE's random masks: s×s cells, each 1 with probability p and else 0, enlarged bilinearly (half-pixel centres) to (s+1)·⌈H/s⌉ ×
/// (s+1)·⌈W/s⌉, of which H×W are cut out at a random offset below ⌈H/s⌉, ⌈W/s⌉. Mask i depends on (seed, i) alone. They are made row by
/// row where they are needed (<see cref="RiseRows"/>) and never kept.
/// </summary>
/// <remarks>
/// In pairs, masks 2j and 2j+1 have the same offset, and what one draws as u the other draws as 1 − u: each by itself is such a random
/// mask, and of p = ½ one is the other's complement, so that what a pair shows is the whole image.
/// </remarks>
internal sealed class RiseMasks
{
    private readonly ulong _seed;
    private readonly double _keep;
    private readonly bool _pairs;
    private readonly int _cellHeight, _cellWidth;

    /// <param name="seed">The seed.</param>
    /// <param name="cells">s.</param>
    /// <param name="keep">p.</param>
    /// <param name="size">H and W.</param>
    /// <param name="pairs">Whether they come in pairs.</param>
    internal RiseMasks(ulong seed, int cells, double keep, (int Height, int Width) size, bool pairs = false)
    {
        (_seed, Cells, _keep, (Height, Width), _pairs) = (seed, cells, keep, size, pairs);
        (_cellHeight, _cellWidth) = ((Height + cells - 1) / cells, (Width + cells - 1) / cells);
        Down = Places(_cellHeight);
        Across = Places(_cellWidth);

        (int Low, int High, double Share)[] Places(int cell) =>
            [.. Enumerable.Range(0, (cells + 1) * cell).Select(i => Bilinear.Place(i, cells, (cells + 1) * cell))];
    }

    /// <summary>s.</summary>
    internal int Cells { get; }

    /// <summary>H.</summary>
    internal int Height { get; }

    /// <summary>W.</summary>
    internal int Width { get; }

    /// <summary>Between which rows of cells each row of the enlarged grid lies, and where.</summary>
    internal (int Low, int High, double Share)[] Down { get; }

    /// <summary>The same for columns.</summary>
    internal (int Low, int High, double Share)[] Across { get; }

    /// <summary>A mask.</summary>
    internal RiseMask this[int index]
    {
        get
        {
            var rng = new Rng(_seed, (ulong)(_pairs ? index / 2 : index));
            bool mirrored = _pairs && index % 2 == 1;
            var grid = new double[Cells * Cells];
            for (int k = 0; k < grid.Length; k++)
            {
                double u = rng.Uniform((ulong)k);
                grid[k] = (mirrored ? u >= 1 - _keep : u < _keep) ? 1 : 0;
            }

            ulong next = (ulong)grid.Length;
            return new RiseMask(grid, (int)(rng.Uniform(next) * _cellHeight), (int)(rng.Uniform(next + 1) * _cellWidth));
        }
    }

    /// <summary>A mask's value at a pixel.</summary>
    internal double At(RiseMask mask, int y, int x)
    {
        (int low, int high, double down) = Down[mask.Top + y];
        (int left, int right, double across) = Across[mask.Left + x];
        ReadOnlySpan<double> above = mask.Grid.AsSpan(low * Cells, Cells), below = mask.Grid.AsSpan(high * Cells, Cells);
        double top = above[left] + (across * (above[right] - above[left]));
        return top + (down * (below[left] + (across * (below[right] - below[left])) - top));
    }

    /// <summary>x ⊙ M.</summary>
    /// <param name="index">The mask's.</param>
    /// <param name="image">x, <c>[C,H,W]</c>.</param>
    /// <param name="input">Takes the product.</param>
    internal void Show(int index, ReadOnlySpan<float> image, Span<float> input)
    {
        double[] buffer = ArrayPool<double>.Shared.Rent(RiseRows.BufferOf(Width));
        float[] row = ArrayPool<float>.Shared.Rent(Width);
        var rows = new RiseRows(this, this[index], 0, Height, buffer);
        while (rows.MoveNext())
        {
            Narrow(rows.Current, row);
            for (int at = rows.Y * Width; at < input.Length; at += Height * Width)
            {
                Multiply(image.Slice(at, Width), row, input.Slice(at, Width));
            }
        }

        ArrayPool<float>.Shared.Return(row);
        ArrayPool<double>.Shared.Return(buffer);
    }

    /// <summary>
    /// The covariance E[(M(a) − p) (M(b) − p)] between pixels a and chosen ones b is p (1 − p) times this of their rows times this of
    /// their columns: the mean over all offsets of Σ_k w_k(a) w_k(b), w the weights of the cells.
    /// </summary>
    /// <param name="rows">Of rows, rather than of columns.</param>
    /// <param name="chosen">Rows or columns.</param>
    /// <returns><c>[H or W, chosen]</c>.</returns>
    internal double[] Overlap(bool rows, int[] chosen)
    {
        (int Low, int High, double Share)[] places = rows ? Down : Across;
        int cell = rows ? _cellHeight : _cellWidth, length = rows ? Height : Width;
        var overlap = new double[length * chosen.Length];
        for (int offset = 0; offset < cell; offset++)
        {
            for (int a = 0; a < length; a++)
            {
                for (int b = 0; b < chosen.Length; b++)
                {
                    overlap[(a * chosen.Length) + b] += Shared(places[offset + a], places[offset + chosen[b]]) / cell;
                }
            }
        }

        return overlap;
    }

    private static double Shared((int Low, int High, double Share) a, (int Low, int High, double Share) b)
    {
        double sum = 0;
        sum += a.Low == b.Low ? (1 - a.Share) * (1 - b.Share) : 0;
        sum += a.Low == b.High ? (1 - a.Share) * b.Share : 0;
        sum += a.High == b.Low ? a.Share * (1 - b.Share) : 0;
        return sum + (a.High == b.High ? a.Share * b.Share : 0);
    }

    private static void Narrow(ReadOnlySpan<double> values, Span<float> narrow)
    {
        int i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.Narrow(new Vector<double>(values[i..]), new Vector<double>(values[(i + Vector<double>.Count)..])).CopyTo(narrow[i..]);
        }

        for (; i < values.Length; i++)
        {
            narrow[i] = (float)values[i];
        }
    }

    private static void Multiply(ReadOnlySpan<float> image, ReadOnlySpan<float> mask, Span<float> product)
    {
        int i = 0;
        for (; i <= product.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            (new Vector<float>(image[i..]) * new Vector<float>(mask[i..])).CopyTo(product[i..]);
        }

        for (; i < product.Length; i++)
        {
            product[i] = image[i] * mask[i];
        }
    }
}
