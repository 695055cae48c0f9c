using System.Runtime.CompilerServices;
using Interp.Engine.Cpu.Lanes;
using Interp.Engine.Layers;

namespace Interp.Engine.Cpu.Convolution;

/// <summary>
/// The transforms of Winograd's F(4×4, 3×3) and F(2×2, 5×5) (A. Lavin, S. Gray, arXiv 1509.09308) with the points 0, ±√½, ±√2, ∞: a tile of
/// m×m outputs
/// is Y = Aᵀ[(G g Gᵀ) ⊙ (Bᵀ d B)]A for a filter g of (7 − m)×(7 − m) and 6×6 inputs d, 36 multiplications instead of 144 or 100. Bᵀ depends
/// on the points only,
/// so both share it. Since √½·√2 = 1 the matrices stay small, and the rounding error is about half that of the usual points 0, ±1, ±2, ∞.
/// </summary>
internal static unsafe class WinogradTransform
{
    /// <summary>Inputs of a tile along one axis.</summary>
    public const int Inputs = 6;

    /// <summary>Products of a tile.</summary>
    public const int Points = Inputs * Inputs;

    private const float A = 0.70710678118654752f;
    private const float B = 1.41421356237309505f;

    /// <summary>Whether there are transforms for filters of this size.</summary>
    public static bool Has(Size2 kernel) => kernel == Size2.Square(3) || kernel == Size2.Square(5);

    /// <summary>Outputs of a tile along one axis: 4 for filters of 3×3, 2 for 5×5.</summary>
    public static int Outputs(int kernel) => Inputs + 1 - kernel;

    /// <summary>
    /// G, 6×kernel row by row: row i is (1, p, p², …) / Π_{k≠i}(p − p_k) for point p = p_i; the last row is that of ∞.
    /// </summary>
    public static double[] FilterMatrix(int kernel)
    {
        double[] points = [0, Math.Sqrt(0.5), -Math.Sqrt(0.5), Math.Sqrt(2), -Math.Sqrt(2)];
        var g = new double[Inputs * kernel];
        for (int i = 0; i < points.Length; i++)
        {
            double term = 1;
            for (int k = 0; k < points.Length; k++)
            {
                term /= k == i ? 1 : points[i] - points[k];
            }

            for (int k = 0; k < kernel; k++, term *= points[i])
            {
                g[i * kernel + k] = term;
            }
        }

        g[^1] = 1;
        return g;
    }

    /// <summary>Bᵀ d B for sixteen channels.</summary>
    /// <param name="d">The first of 6×6 vectors.</param>
    /// <param name="row">Floats from one row of d to the next.</param>
    /// <param name="column">Floats from one column of d to the next.</param>
    /// <param name="v">Where the 36 vectors go.</param>
    /// <param name="point">Floats from one of them to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Input<TLanes>(float* d, nint row, nint column, float* v, nint point) where TLanes : unmanaged, ILanes<TLanes> =>
        TLanes.ByRegister(new InputWork(d, row, column, v, point));

    /// <summary>Aᵀ m A + bias for sixteen channels.</summary>
    /// <param name="m">The first of 36 vectors.</param>
    /// <param name="point">Floats from one of them to the next.</param>
    /// <param name="outputs">Outputs along one axis, 4 or 2.</param>
    /// <param name="y">Where they go.</param>
    /// <param name="row">Floats from one row of y to the next.</param>
    /// <param name="column">Floats from one column of y to the next.</param>
    /// <param name="bias">Sixteen values, one for each channel.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Output<TLanes>(float* m, nint point, int outputs, float* y, nint row, nint column, float* bias) where TLanes
        : unmanaged, ILanes<TLanes> =>
        TLanes.ByRegister(new OutputWork(m, point, outputs, y, row, column, bias));

    /// <summary>The first row of Bᵀ, or from the second row of d on the last, times d, times B.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void InputEnd<T>(float* d, nint row, nint column, float* v, nint point) where T : unmanaged, IVector<T>
    {
        InputRow(
            InputEnd<T>(d, row),
            InputEnd<T>(d + column, row),
            InputEnd<T>(d + 2 * column, row),
            InputEnd<T>(d + 3 * column, row),
            InputEnd<T>(d + 4 * column, row),
            InputEnd<T>(d + 5 * column, row),
            v,
            point);
    }

    /// <summary>The same row times a column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T InputEnd<T>(float* d, nint step) where T : unmanaged, IVector<T> =>
        T.FusedMultiplyAdd(T.Broadcast(-2.5f), T.Load(d + 2 * step), T.Add(T.Load(d), T.Load(d + 4 * step)));

    /// <summary>Two rows of Bᵀ times d, times B.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void InputPair<T>(float* d, nint row, nint column, float inner, float at, float* v, nint point) where T : unmanaged,
        IVector<T>
    {
        InputPair(d, row, inner, at, out T p0, out T q0);
        InputPair(d + column, row, inner, at, out T p1, out T q1);
        InputPair(d + 2 * column, row, inner, at, out T p2, out T q2);
        InputPair(d + 3 * column, row, inner, at, out T p3, out T q3);
        InputPair(d + 4 * column, row, inner, at, out T p4, out T q4);
        InputPair(d + 5 * column, row, inner, at, out T p5, out T q5);
        InputRow(p0, p1, p2, p3, p4, p5, v, point);
        InputRow(q0, q1, q2, q3, q4, q5, v + Inputs * point, point);
    }

    /// <summary>The rows of Bᵀ for the points ±<paramref name="at"/>, times a column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void InputPair<T>(float* d, nint step, float inner, float at, out T plus, out T minus) where T : unmanaged, IVector<T>
    {
        T even = T.FusedMultiplyAdd(T.Broadcast(inner), T.Load(d + 2 * step), T.Load(d + 4 * step));
        T odd = T.FusedMultiplyAdd(T.Broadcast(inner), T.Load(d + step), T.Load(d + 3 * step));
        plus = T.FusedMultiplyAdd(T.Broadcast(at), odd, even);
        minus = T.FusedMultiplyAdd(T.Broadcast(-at), odd, even);
    }

    /// <summary>A row times B.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void InputRow<T>(T d0, T d1, T d2, T d3, T d4, T d5, float* v, nint point)
        where T : unmanaged, IVector<T>
    {
        T minus2 = T.Broadcast(-2f);
        T minusHalf = T.Broadcast(-0.5f);
        T minus5Halves = T.Broadcast(-2.5f);
        T evenA = T.FusedMultiplyAdd(minus2, d2, d4);
        T oddA = T.FusedMultiplyAdd(minus2, d1, d3);
        T evenB = T.FusedMultiplyAdd(minusHalf, d2, d4);
        T oddB = T.FusedMultiplyAdd(minusHalf, d1, d3);
        T.Store(T.FusedMultiplyAdd(minus5Halves, d2, T.Add(d0, d4)), v);
        T.Store(T.FusedMultiplyAdd(T.Broadcast(A), oddA, evenA), v + point);
        T.Store(T.FusedMultiplyAdd(T.Broadcast(-A), oddA, evenA), v + 2 * point);
        T.Store(T.FusedMultiplyAdd(T.Broadcast(B), oddB, evenB), v + 3 * point);
        T.Store(T.FusedMultiplyAdd(T.Broadcast(-B), oddB, evenB), v + 4 * point);
        T.Store(T.FusedMultiplyAdd(minus5Halves, d3, T.Add(d1, d5)), v + 5 * point);
    }

    /// <summary>The first and third row of Aᵀ, which share their sums, times m, times A.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void OutputEven<T>(float* m, nint point, int outputs, float* y, nint row, nint column, float* bias) where T : unmanaged,
        IVector<T>
    {
        nint step = Inputs * point;
        OutputEven(m, step, out T p0, out T q0);
        OutputEven(m + point, step, out T p1, out T q1);
        OutputEven(m + 2 * point, step, out T p2, out T q2);
        OutputEven(m + 3 * point, step, out T p3, out T q3);
        OutputEven(m + 4 * point, step, out T p4, out T q4);
        OutputEven(m + 5 * point, step, out T p5, out T q5);
        OutputRow(p0, p1, p2, p3, p4, p5, outputs, y, column, T.Load(bias));
        if (outputs > 2)
        {
            OutputRow(q0, q1, q2, q3, q4, q5, outputs, y + 2 * row, column, T.Load(bias));
        }
    }

    /// <summary>The second and fourth row of Aᵀ, which share their differences, times m, times A.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void OutputOdd<T>(float* m, nint point, int outputs, float* y, nint row, nint column, float* bias) where T : unmanaged,
        IVector<T>
    {
        nint step = Inputs * point;
        OutputOdd(m, step, outputs, out T p0, out T q0);
        OutputOdd(m + point, step, outputs, out T p1, out T q1);
        OutputOdd(m + 2 * point, step, outputs, out T p2, out T q2);
        OutputOdd(m + 3 * point, step, outputs, out T p3, out T q3);
        OutputOdd(m + 4 * point, step, outputs, out T p4, out T q4);
        OutputOdd(m + 5 * point, step, outputs, out T p5, out T q5);
        OutputRow(p0, p1, p2, p3, p4, p5, outputs, y, column, T.Load(bias));
        if (outputs > 2)
        {
            OutputRow(q0, q1, q2, q3, q4, q5, outputs, y + 2 * row, column, T.Load(bias));
        }
    }

    /// <summary>The first and third row of Aᵀ times a column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OutputEven<T>(float* m, nint step, out T first, out T third) where T : unmanaged, IVector<T>
    {
        T sumA = T.Add(T.Load(m + step), T.Load(m + 2 * step));
        T sumB = T.Add(T.Load(m + 3 * step), T.Load(m + 4 * step));
        first = T.Add(T.Load(m), T.Add(sumA, sumB));
        third = T.FusedMultiplyAdd(T.Broadcast(0.5f), sumA, T.Multiply(T.Broadcast(2f), sumB));
    }

    /// <summary>The second and fourth row of Aᵀ times a column; of two rows the second is the last and reads ∞.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OutputOdd<T>(float* m, nint step, int outputs, out T second, out T fourth) where T : unmanaged, IVector<T>
    {
        T differenceA = T.Subtract(T.Load(m + step), T.Load(m + 2 * step));
        T differenceB = T.Subtract(T.Load(m + 3 * step), T.Load(m + 4 * step));
        T last = T.Load(m + 5 * step);
        T start = outputs == 2 ? last : T.Zero;
        second = T.FusedMultiplyAdd(T.Broadcast(A), differenceA, T.FusedMultiplyAdd(T.Broadcast(B), differenceB, start));
        fourth = T.FusedMultiplyAdd(T.Broadcast(A / 2), differenceA, T.FusedMultiplyAdd(T.Broadcast(2 * B), differenceB, last));
    }

    /// <summary>A row times A, plus bias.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OutputRow<T>(T m0, T m1, T m2, T m3, T m4, T m5, int outputs, float* y, nint step, T bias)
        where T : unmanaged, IVector<T>
    {
        T last = T.Add(m5, bias);
        T sumA = T.Add(m1, m2);
        T differenceA = T.Subtract(m1, m2);
        T sumB = T.Add(m3, m4);
        T differenceB = T.Subtract(m3, m4);
        T.Store(T.Add(T.Add(m0, bias), T.Add(sumA, sumB)), y);
        T start = outputs == 2 ? last : bias;
        T.Store(T.FusedMultiplyAdd(T.Broadcast(A), differenceA, T.FusedMultiplyAdd(T.Broadcast(B), differenceB, start)), y + step);
        if (outputs == 2)
        {
            return;
        }

        T.Store(T.FusedMultiplyAdd(T.Broadcast(0.5f), sumA, T.FusedMultiplyAdd(T.Broadcast(2f), sumB, bias)), y + 2 * step);
        T.Store(T.FusedMultiplyAdd(T.Broadcast(A / 2), differenceA, T.FusedMultiplyAdd(T.Broadcast(2 * B), differenceB, last)), y
            + 3 * step);
    }

    /// <summary>
    /// The rows of Bᵀ for points ±p share their sums and are worked on together, so that nothing between the two products leaves the
    /// registers; each such piece
    /// is a method of its own, since the compiler inlines only so much into one.
    /// </summary>
    private readonly struct InputWork(float* d, nint row, nint column, float* v, nint point) : IRegisterWork
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run<T>(int lane) where T : unmanaged, IVector<T>
        {
            float* from = d + lane, to = v + lane;
            InputEnd<T>(from, row, column, to, point);
            InputPair<T>(from, row, column, -2f, A, to + Inputs * point, point);
            InputPair<T>(from, row, column, -0.5f, B, to + 3 * Inputs * point, point);
            InputEnd<T>(from + row, row, column, to + 5 * Inputs * point, point);
        }
    }

    private readonly struct OutputWork(float* m, nint point, int outputs, float* y, nint row, nint column, float* bias) : IRegisterWork
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run<T>(int lane) where T : unmanaged, IVector<T>
        {
            OutputEven<T>(m + lane, point, outputs, y + lane, row, column, bias + lane);
            OutputOdd<T>(m + lane, point, outputs, y + row + lane, row, column, bias + lane);
        }
    }
}
