using System.Runtime.CompilerServices;
using Interp.Engine.Cpu.Lanes;

namespace Interp.Engine.Cpu.Kernels;

/// <summary>
/// A linear layer's forward sums over a piece of columns: y[n, r] += Σ_c w[r, c]·x[n, c]. Every sum has its own accumulator and goes through the columns in the
/// same order, however many are made together.
/// </summary>
internal static unsafe class DotProducts<TLanes, TElement>
    where TLanes : unmanaged, ILanes<TLanes>
    where TElement : unmanaged, IStoredElement
{
    /// <summary>How far ahead a single walk's weights are fetched, in elements.</summary>
    private const int Ahead = 1024;

    /// <summary>One row, one picture.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One(TElement* w, float* x, float* y, int columns)
    {
        int vectors = columns / Blocked.Lanes * Blocked.Lanes;
        TLanes sum = TLanes.Zero;
        for (int c = 0; c < vectors; c += Blocked.Lanes)
        {
            TLanes.Accumulate(ref sum, TElement.Load<TLanes>(w + c), TLanes.Load(x + c));
        }

        Finish(sum, w, x, y, vectors, columns);
    }

    /// <summary>Four rows, <paramref name="row"/> elements apart, and one picture. Fetches weights ahead or leaves that to the processor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FourRows(TElement* w, long row, float* x, float* y, int columns, bool fetch)
    {
        int vectors = columns / Blocked.Lanes * Blocked.Lanes;
        TElement* w1 = w + row, w2 = w1 + row, w3 = w2 + row;
        TLanes s0 = TLanes.Zero, s1 = TLanes.Zero, s2 = TLanes.Zero, s3 = TLanes.Zero;
        for (int c = 0; c < vectors; c += Blocked.Lanes)
        {
            TLanes v = TLanes.Load(x + c);
            if (fetch)
            {
                TElement* ahead = w + c + Ahead;
                Prefetch.Line(ahead);
                Prefetch.Line(ahead + row);
                Prefetch.Line(ahead + 2 * row);
                Prefetch.Line(ahead + 3 * row);
            }

            TLanes.Accumulate(ref s0, TElement.Load<TLanes>(w + c), v);
            TLanes.Accumulate(ref s1, TElement.Load<TLanes>(w1 + c), v);
            TLanes.Accumulate(ref s2, TElement.Load<TLanes>(w2 + c), v);
            TLanes.Accumulate(ref s3, TElement.Load<TLanes>(w3 + c), v);
        }

        Finish(s0, w, x, y, vectors, columns);
        Finish(s1, w1, x, y + 1, vectors, columns);
        Finish(s2, w2, x, y + 2, vectors, columns);
        Finish(s3, w3, x, y + 3, vectors, columns);
    }

    /// <summary>
    /// Four rows and four pictures, whose inputs lie <paramref name="picture"/> and results <paramref name="result"/> floats apart, which needs 21 registers.
    /// Meanwhile fetches one of <paramref name="parts"/> parts of the four rows at <paramref name="next"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public static void FourByFour(
        TElement* w, long row, float* x, nint picture, float* y, nint result, int columns, TElement* next, int part, int parts)
    {
        int vectors = columns / Blocked.Lanes * Blocked.Lanes;
        TElement* w1 = w + row, w2 = w1 + row, w3 = w2 + row;
        next += part * columns / parts;
        nint step = Blocked.Lanes / parts + 1;
        float* x1 = x + picture, x2 = x1 + picture, x3 = x2 + picture;
        TLanes a0 = TLanes.Zero, a1 = TLanes.Zero, a2 = TLanes.Zero, a3 = TLanes.Zero;
        TLanes b0 = TLanes.Zero, b1 = TLanes.Zero, b2 = TLanes.Zero, b3 = TLanes.Zero;
        TLanes c0 = TLanes.Zero, c1 = TLanes.Zero, c2 = TLanes.Zero, c3 = TLanes.Zero;
        TLanes d0 = TLanes.Zero, d1 = TLanes.Zero, d2 = TLanes.Zero, d3 = TLanes.Zero;
        for (int c = 0; c < vectors; c += Blocked.Lanes)
        {
            Prefetch.LineToSecondLevel(next);
            Prefetch.LineToSecondLevel(next + row);
            Prefetch.LineToSecondLevel(next + 2 * row);
            Prefetch.LineToSecondLevel(next + 3 * row);
            next += step;
            TLanes va = TLanes.Load(x + c), vb = TLanes.Load(x1 + c), vc = TLanes.Load(x2 + c), vd = TLanes.Load(x3 + c);
            TLanes weights = TElement.Load<TLanes>(w + c);
            TLanes.Accumulate(ref a0, weights, va);
            TLanes.Accumulate(ref b0, weights, vb);
            TLanes.Accumulate(ref c0, weights, vc);
            TLanes.Accumulate(ref d0, weights, vd);
            weights = TElement.Load<TLanes>(w1 + c);
            TLanes.Accumulate(ref a1, weights, va);
            TLanes.Accumulate(ref b1, weights, vb);
            TLanes.Accumulate(ref c1, weights, vc);
            TLanes.Accumulate(ref d1, weights, vd);
            weights = TElement.Load<TLanes>(w2 + c);
            TLanes.Accumulate(ref a2, weights, va);
            TLanes.Accumulate(ref b2, weights, vb);
            TLanes.Accumulate(ref c2, weights, vc);
            TLanes.Accumulate(ref d2, weights, vd);
            weights = TElement.Load<TLanes>(w3 + c);
            TLanes.Accumulate(ref a3, weights, va);
            TLanes.Accumulate(ref b3, weights, vb);
            TLanes.Accumulate(ref c3, weights, vc);
            TLanes.Accumulate(ref d3, weights, vd);
        }

        FinishRow(a0, b0, c0, d0, w, x, picture, y, result, vectors, columns);
        FinishRow(a1, b1, c1, d1, w1, x, picture, y + 1, result, vectors, columns);
        FinishRow(a2, b2, c2, d2, w2, x, picture, y + 2, result, vectors, columns);
        FinishRow(a3, b3, c3, d3, w3, x, picture, y + 3, result, vectors, columns);
    }

    private static void FinishRow(TLanes a, TLanes b, TLanes c, TLanes d, TElement* w, float* x, nint picture, float* y, nint result, int vectors, int columns)
    {
        Finish(a, w, x, y, vectors, columns);
        Finish(b, w, x + picture, y + result, vectors, columns);
        Finish(c, w, x + 2 * picture, y + 2 * result, vectors, columns);
        Finish(d, w, x + 3 * picture, y + 3 * result, vectors, columns);
    }

    /// <summary>Adds a sum of vectors, and the columns that fill none, to a result.</summary>
    private static void Finish(TLanes sum, TElement* w, float* x, float* y, int vectors, int columns)
    {
        float rest = 0f;
        for (int c = vectors; c < columns; c++)
        {
            rest = MathF.FusedMultiplyAdd(TElement.Value(w + c), x[c], rest);
        }

        *y += TLanes.Sum(sum) + rest;
    }
}
