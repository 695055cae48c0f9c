using System.Runtime.CompilerServices;
using Interp.Engine.Cpu.Lanes;

namespace Interp.Engine.Cpu.Kernels;

/// <summary>
/// A linear layer's forward sums over a piece of columns, whole vectors only: s[r, n] += Σ_c w[r, c]·x[n, c], where s[r, n] is a vector of
/// sixteen sums and column c
/// belongs to lane c mod 16. Every sum begins anew with each piece and goes through its columns in the same order, however many are made
/// together.
/// </summary>
internal static unsafe class DotProducts<TLanes, TElement>
    where TLanes : unmanaged, ILanes<TLanes>
    where TElement : unmanaged, IStoredElement
{
    /// <summary>How far ahead a single walk's weights are fetched, in elements.</summary>
    private const int Ahead = 1024;

    /// <summary>One row, one image.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One(TElement* w, float* x, float* s, int columns)
    {
        TLanes sum = TLanes.Zero;
        for (int c = 0; c < columns; c += Blocked.Lanes)
        {
            TLanes.Accumulate(ref sum, TElement.Load<TLanes>(w + c), TLanes.Load(x + c));
        }

        Add(sum, s);
    }

    /// <summary>Four rows, <paramref name="row"/> elements apart, whose sums lie <paramref name="step"/> floats apart, and one image.
    /// Fetches weights ahead or leaves that to the processor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FourRows(TElement* w, long row, float* x, float* s, nint step, int columns, bool fetch)
    {
        TElement* w1 = w + row, w2 = w1 + row, w3 = w2 + row;
        TLanes s0 = TLanes.Zero, s1 = TLanes.Zero, s2 = TLanes.Zero, s3 = TLanes.Zero;
        for (int c = 0; c < columns; c += Blocked.Lanes)
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

        Add(s0, s1, s2, s3, s, step);
    }

    /// <summary>
    /// Four rows and four images, whose inputs lie <paramref name="image"/> floats apart, which needs 21 registers.
    /// Meanwhile fetches one of <paramref name="parts"/> parts of the four rows at <paramref name="next"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public static void FourByFour(
        TElement* w, long row, float* x, nint image, float* s, nint step, int columns, TElement* next, int part, int parts)
    {
        TElement* w1 = w + row, w2 = w1 + row, w3 = w2 + row;
        next += part * columns / parts;
        nint stride = Blocked.Lanes / parts + 1;
        float* x1 = x + image, x2 = x1 + image, x3 = x2 + image;
        TLanes a0 = TLanes.Zero, a1 = TLanes.Zero, a2 = TLanes.Zero, a3 = TLanes.Zero;
        TLanes b0 = TLanes.Zero, b1 = TLanes.Zero, b2 = TLanes.Zero, b3 = TLanes.Zero;
        TLanes c0 = TLanes.Zero, c1 = TLanes.Zero, c2 = TLanes.Zero, c3 = TLanes.Zero;
        TLanes d0 = TLanes.Zero, d1 = TLanes.Zero, d2 = TLanes.Zero, d3 = TLanes.Zero;
        for (int c = 0; c < columns; c += Blocked.Lanes)
        {
            Prefetch.LineToSecondLevel(next);
            Prefetch.LineToSecondLevel(next + row);
            Prefetch.LineToSecondLevel(next + 2 * row);
            Prefetch.LineToSecondLevel(next + 3 * row);
            next += stride;
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

        Add(a0, a1, a2, a3, s, step);
        Add(b0, b1, b2, b3, s + Blocked.Lanes, step);
        Add(c0, c1, c2, c3, s + 2 * Blocked.Lanes, step);
        Add(d0, d1, d2, d3, s + 3 * Blocked.Lanes, step);
    }

    /// <summary>
    /// Four rows of float32 weights and three images, one register of the lanes after the other, which needs 16 registers. Meanwhile
    /// fetches one of
    /// <paramref name="parts"/> parts of the four rows at <paramref name="next"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FourByThree(float* w, long row, float* x, nint image, float* s, nint step, int columns, float* next, int part,
        int parts) =>
        TLanes.ByRegister(new FourByThreeWork(w, (nint)row, x, image, s, step, columns, next, part, parts));

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void FourByThree<T>(float* w, nint row, float* x, nint image, float* s, nint step, nint columns, float* next, int part,
        int parts)
        where T : unmanaged, IVector<T>
    {
        float* w1 = w + row, w2 = w1 + row, w3 = w2 + row;
        float* x1 = x + image, x2 = x1 + image;
        T a0 = T.Zero, a1 = T.Zero, a2 = T.Zero, a3 = T.Zero;
        T b0 = T.Zero, b1 = T.Zero, b2 = T.Zero, b3 = T.Zero;
        T c0 = T.Zero, c1 = T.Zero, c2 = T.Zero, c3 = T.Zero;
        for (nint c = 0; c < columns; c += Blocked.Lanes)
        {
            if (--part < 0)
            {
                part = parts - 1;
                Prefetch.LineToSecondLevel(next + c);
                Prefetch.LineToSecondLevel(next + c + row);
                Prefetch.LineToSecondLevel(next + c + 2 * row);
                Prefetch.LineToSecondLevel(next + c + 3 * row);
            }

            T va = T.Load(x + c), vb = T.Load(x1 + c), vc = T.Load(x2 + c);
            T weights = T.Load(w + c);
            T.Accumulate(ref a0, weights, va);
            T.Accumulate(ref b0, weights, vb);
            T.Accumulate(ref c0, weights, vc);
            weights = T.Load(w1 + c);
            T.Accumulate(ref a1, weights, va);
            T.Accumulate(ref b1, weights, vb);
            T.Accumulate(ref c1, weights, vc);
            weights = T.Load(w2 + c);
            T.Accumulate(ref a2, weights, va);
            T.Accumulate(ref b2, weights, vb);
            T.Accumulate(ref c2, weights, vc);
            weights = T.Load(w3 + c);
            T.Accumulate(ref a3, weights, va);
            T.Accumulate(ref b3, weights, vb);
            T.Accumulate(ref c3, weights, vc);
        }

        Add(a0, a1, a2, a3, s, step);
        Add(b0, b1, b2, b3, s + Blocked.Lanes, step);
        Add(c0, c1, c2, c3, s + 2 * Blocked.Lanes, step);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<T>(T sum0, T sum1, T sum2, T sum3, float* s, nint step) where T : unmanaged, IVector<T>
    {
        Add(sum0, s);
        Add(sum1, s + step);
        Add(sum2, s + 2 * step);
        Add(sum3, s + 3 * step);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<T>(T sum, float* s) where T : unmanaged, IVector<T> => T.Store(T.Add(T.Load(s), sum), s);

    private readonly struct FourByThreeWork(float* w, nint row, float* x, nint image, float* s, nint step, nint columns, float* next,
        int part, int parts) : IRegisterWork
    {
        /// <summary>The first of the registers fetches for all.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run<T>(int lane) where T : unmanaged, IVector<T> =>
            FourByThree<T>(w + lane, row, x + lane, image, s + lane, step, columns, next, lane == 0 ? part : int.MaxValue, parts);
    }
}
