using System.Runtime.CompilerServices;
using Interp.Engine.Cpu.Lanes;

namespace Interp.Engine.Cpu.Kernels;

/// <summary>
/// A linear layer's backward sums over a piece of columns: dx[n, c] += Σ_r dy[n, r]·w[r, c]. Every sum goes through the rows in the same
/// order, however many are
/// made together.
/// </summary>
internal static unsafe class WeightedRows<TLanes, TElement>
    where TLanes : unmanaged, ILanes<TLanes>
    where TElement : unmanaged, IStoredElement
{
    /// <summary>One row, one image, from column <paramref name="first"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One(TElement* w, float dy, float* dx, int first, int columns)
    {
        TLanes gradient = TLanes.Broadcast(dy);
        int c = first;
        for (; c + Blocked.Lanes <= columns; c += Blocked.Lanes)
        {
            TLanes.Store(TLanes.FusedMultiplyAdd(TElement.Load<TLanes>(w + c), gradient, TLanes.Load(dx + c)), dx + c);
        }

        for (; c < columns; c++)
        {
            dx[c] = MathF.FusedMultiplyAdd(TElement.Value(w + c), dy, dx[c]);
        }
    }

    /// <summary>Four rows, one image, whole vectors only. Meanwhile fetches one of <paramref name="parts"/> parts of four other rows, every
    /// so many lines one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FourRows(
        RowsOfWeights<TElement> w, RowsOfWeights<TElement> next, int part, int parts, ReadOnlySpan<int> rows, float* dy, float* dx,
        int columns)
    {
        TLanes g0 = TLanes.Broadcast(dy[rows[0]]), g1 = TLanes.Broadcast(dy[rows[1]]), g2 = TLanes.Broadcast(dy[rows[2]]),
            g3 = TLanes.Broadcast(dy[rows[3]]);
        for (int c = 0; c + Blocked.Lanes <= columns; c += Blocked.Lanes)
        {
            if (--part < 0)
            {
                part = parts - 1;
                next.Fetch(c);
            }

            TLanes sum = TLanes.FusedMultiplyAdd(TElement.Load<TLanes>(w.Row0 + c), g0, TLanes.Load(dx + c));
            TLanes.Accumulate(ref sum, TElement.Load<TLanes>(w.Row1 + c), g1);
            TLanes.Accumulate(ref sum, TElement.Load<TLanes>(w.Row2 + c), g2);
            TLanes.Store(TLanes.FusedMultiplyAdd(TElement.Load<TLanes>(w.Row3 + c), g3, sum), dx + c);
        }
    }

    /// <summary>
    /// Four rows and four images, whose gradients lie <paramref name="result"/> and sums <paramref name="image"/> floats apart, whole
    /// vectors only, which
    /// needs 22 registers. Meanwhile fetches one of <paramref name="parts"/> parts of four other rows.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public static void FourByFour(
        RowsOfWeights<TElement> w, RowsOfWeights<TElement> next, int part, int parts,
        ReadOnlySpan<int> rows, float* dy, nint result, float* dx, nint image, int columns)
    {
        float* dya = dy, dyb = dya + result, dyc = dyb + result, dyd = dyc + result;
        TLanes a0 = TLanes.Broadcast(dya[rows[0]]), a1 = TLanes.Broadcast(dya[rows[1]]), a2 = TLanes.Broadcast(dya[rows[2]]),
            a3 = TLanes.Broadcast(dya[rows[3]]);
        TLanes b0 = TLanes.Broadcast(dyb[rows[0]]), b1 = TLanes.Broadcast(dyb[rows[1]]), b2 = TLanes.Broadcast(dyb[rows[2]]),
            b3 = TLanes.Broadcast(dyb[rows[3]]);
        TLanes c0 = TLanes.Broadcast(dyc[rows[0]]), c1 = TLanes.Broadcast(dyc[rows[1]]), c2 = TLanes.Broadcast(dyc[rows[2]]),
            c3 = TLanes.Broadcast(dyc[rows[3]]);
        TLanes d0 = TLanes.Broadcast(dyd[rows[0]]), d1 = TLanes.Broadcast(dyd[rows[1]]), d2 = TLanes.Broadcast(dyd[rows[2]]),
            d3 = TLanes.Broadcast(dyd[rows[3]]);
        int ahead = part * columns / parts, step = Blocked.Lanes / parts + 1;
        float* dx1 = dx + image, dx2 = dx1 + image, dx3 = dx2 + image;
        for (int c = 0; c + Blocked.Lanes <= columns; c += Blocked.Lanes)
        {
            next.Fetch(ahead);
            ahead += step;
            TLanes w0 = TElement.Load<TLanes>(w.Row0 + c), w1 = TElement.Load<TLanes>(w.Row1 + c);
            TLanes w2 = TElement.Load<TLanes>(w.Row2 + c), w3 = TElement.Load<TLanes>(w.Row3 + c);
            Add(w0, a0, w1, a1, w2, a2, w3, a3, dx + c);
            Add(w0, b0, w1, b1, w2, b2, w3, b3, dx1 + c);
            Add(w0, c0, w1, c1, w2, c2, w3, c3, dx2 + c);
            Add(w0, d0, w1, d1, w2, d2, w3, d3, dx3 + c);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(TLanes w0, TLanes g0, TLanes w1, TLanes g1, TLanes w2, TLanes g2, TLanes w3, TLanes g3, float* dx)
    {
        TLanes sum = TLanes.FusedMultiplyAdd(w0, g0, TLanes.Load(dx));
        TLanes.Accumulate(ref sum, w1, g1);
        TLanes.Accumulate(ref sum, w2, g2);
        TLanes.Store(TLanes.FusedMultiplyAdd(w3, g3, sum), dx);
    }
}

/// <summary>Four rows of weights.</summary>
/// <param name="w">The first column of row 0.</param>
/// <param name="row">Elements from one row to the next.</param>
/// <param name="rows">Which four.</param>
internal readonly unsafe struct RowsOfWeights<TElement>(TElement* w, long row, ReadOnlySpan<int> rows) where TElement : unmanaged,
    IStoredElement
{
    public readonly TElement* Row0 = w + rows[0] * row;
    public readonly TElement* Row1 = w + rows[1] * row;
    public readonly TElement* Row2 = w + rows[2] * row;
    public readonly TElement* Row3 = w + rows[3] * row;

    /// <summary>Fetches a column's cache lines into the second-level cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Fetch(int column)
    {
        Prefetch.LineToSecondLevel(Row0 + column);
        Prefetch.LineToSecondLevel(Row1 + column);
        Prefetch.LineToSecondLevel(Row2 + column);
        Prefetch.LineToSecondLevel(Row3 + column);
    }
}
