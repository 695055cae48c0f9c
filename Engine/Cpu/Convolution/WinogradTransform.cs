using System.Runtime.CompilerServices;
using Interp.Engine.Cpu.Lanes;
using Interp.Engine.Layers;

namespace Interp.Engine.Cpu.Convolution;

/// <summary>
/// The transforms of Winograd's F(4×4, 3×3) and F(2×2, 5×5) (A. Lavin, S. Gray, arXiv 1509.09308) with the points 0, ±√½, ±√2, ∞: a tile of m×m outputs
/// is Y = Aᵀ[(G g Gᵀ) ⊙ (Bᵀ d B)]A for a filter g of (7 − m)×(7 − m) and 6×6 inputs d, 36 multiplications instead of 144 or 100. Bᵀ depends on the points only,
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

    /// <summary>
    /// Bᵀ d B for sixteen channels. The rows of Bᵀ for points ±p share their sums and are worked on together, so that nothing between the two products leaves
    /// the registers; each such piece is a method of its own, since the compiler inlines only so much into one.
    /// </summary>
    /// <param name="d">The first of 6×6 vectors.</param>
    /// <param name="row">Floats from one row of d to the next.</param>
    /// <param name="column">Floats from one column of d to the next.</param>
    /// <param name="v">Where the 36 vectors go.</param>
    /// <param name="point">Floats from one of them to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Input<TLanes>(float* d, nint row, nint column, float* v, nint point) where TLanes : unmanaged, ILanes<TLanes>
    {
        InputEnd<TLanes>(d, row, column, v, point);
        InputPair<TLanes>(d, row, column, -2f, A, v + Inputs * point, point);
        InputPair<TLanes>(d, row, column, -0.5f, B, v + 3 * Inputs * point, point);
        InputEnd<TLanes>(d + row, row, column, v + 5 * Inputs * point, point);
    }

    /// <summary>Aᵀ m A + bias for sixteen channels.</summary>
    /// <param name="m">The first of 36 vectors.</param>
    /// <param name="point">Floats from one of them to the next.</param>
    /// <param name="outputs">Outputs along one axis, 4 or 2.</param>
    /// <param name="y">Where they go.</param>
    /// <param name="row">Floats from one row of y to the next.</param>
    /// <param name="column">Floats from one column of y to the next.</param>
    /// <param name="bias">Added to each result.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Output<TLanes>(float* m, nint point, int outputs, float* y, nint row, nint column, TLanes bias)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        nint step = Inputs * point;
        OutputEven(m, step, out TLanes p0, out TLanes q0);
        OutputEven(m + point, step, out TLanes p1, out TLanes q1);
        OutputEven(m + 2 * point, step, out TLanes p2, out TLanes q2);
        OutputEven(m + 3 * point, step, out TLanes p3, out TLanes q3);
        OutputEven(m + 4 * point, step, out TLanes p4, out TLanes q4);
        OutputEven(m + 5 * point, step, out TLanes p5, out TLanes q5);
        OutputRow(p0, p1, p2, p3, p4, p5, outputs, y, column, bias);
        if (outputs > 2)
        {
            OutputRow(q0, q1, q2, q3, q4, q5, outputs, y + 2 * row, column, bias);
        }

        OutputOdd(m, step, outputs, out p0, out q0);
        OutputOdd(m + point, step, outputs, out p1, out q1);
        OutputOdd(m + 2 * point, step, outputs, out p2, out q2);
        OutputOdd(m + 3 * point, step, outputs, out p3, out q3);
        OutputOdd(m + 4 * point, step, outputs, out p4, out q4);
        OutputOdd(m + 5 * point, step, outputs, out p5, out q5);
        OutputRow(p0, p1, p2, p3, p4, p5, outputs, y + row, column, bias);
        if (outputs > 2)
        {
            OutputRow(q0, q1, q2, q3, q4, q5, outputs, y + 3 * row, column, bias);
        }
    }

    /// <summary>The first row of Bᵀ, or from the second row of d on the last, times d, times B.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void InputEnd<TLanes>(float* d, nint row, nint column, float* v, nint point) where TLanes : unmanaged, ILanes<TLanes>
    {
        InputRow(
            InputEnd<TLanes>(d, row),
            InputEnd<TLanes>(d + column, row),
            InputEnd<TLanes>(d + 2 * column, row),
            InputEnd<TLanes>(d + 3 * column, row),
            InputEnd<TLanes>(d + 4 * column, row),
            InputEnd<TLanes>(d + 5 * column, row),
            v,
            point);
    }

    /// <summary>The same row times a column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes InputEnd<TLanes>(float* d, nint step) where TLanes : unmanaged, ILanes<TLanes> =>
        TLanes.FusedMultiplyAdd(TLanes.Broadcast(-2.5f), TLanes.Load(d + 2 * step), TLanes.Add(TLanes.Load(d), TLanes.Load(d + 4 * step)));

    /// <summary>Two rows of Bᵀ times d, times B.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void InputPair<TLanes>(float* d, nint row, nint column, float inner, float at, float* v, nint point) where TLanes : unmanaged, ILanes<TLanes>
    {
        InputPair(d, row, inner, at, out TLanes p0, out TLanes q0);
        InputPair(d + column, row, inner, at, out TLanes p1, out TLanes q1);
        InputPair(d + 2 * column, row, inner, at, out TLanes p2, out TLanes q2);
        InputPair(d + 3 * column, row, inner, at, out TLanes p3, out TLanes q3);
        InputPair(d + 4 * column, row, inner, at, out TLanes p4, out TLanes q4);
        InputPair(d + 5 * column, row, inner, at, out TLanes p5, out TLanes q5);
        InputRow(p0, p1, p2, p3, p4, p5, v, point);
        InputRow(q0, q1, q2, q3, q4, q5, v + Inputs * point, point);
    }

    /// <summary>The rows of Bᵀ for the points ±<paramref name="at"/>, times a column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void InputPair<TLanes>(float* d, nint step, float inner, float at, out TLanes plus, out TLanes minus) where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes even = TLanes.FusedMultiplyAdd(TLanes.Broadcast(inner), TLanes.Load(d + 2 * step), TLanes.Load(d + 4 * step));
        TLanes odd = TLanes.FusedMultiplyAdd(TLanes.Broadcast(inner), TLanes.Load(d + step), TLanes.Load(d + 3 * step));
        plus = TLanes.FusedMultiplyAdd(TLanes.Broadcast(at), odd, even);
        minus = TLanes.FusedMultiplyAdd(TLanes.Broadcast(-at), odd, even);
    }

    /// <summary>A row times B.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void InputRow<TLanes>(TLanes d0, TLanes d1, TLanes d2, TLanes d3, TLanes d4, TLanes d5, float* v, nint point)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes minus2 = TLanes.Broadcast(-2f);
        TLanes minusHalf = TLanes.Broadcast(-0.5f);
        TLanes minus5Halves = TLanes.Broadcast(-2.5f);
        TLanes evenA = TLanes.FusedMultiplyAdd(minus2, d2, d4);
        TLanes oddA = TLanes.FusedMultiplyAdd(minus2, d1, d3);
        TLanes evenB = TLanes.FusedMultiplyAdd(minusHalf, d2, d4);
        TLanes oddB = TLanes.FusedMultiplyAdd(minusHalf, d1, d3);
        TLanes.Store(TLanes.FusedMultiplyAdd(minus5Halves, d2, TLanes.Add(d0, d4)), v);
        TLanes.Store(TLanes.FusedMultiplyAdd(TLanes.Broadcast(A), oddA, evenA), v + point);
        TLanes.Store(TLanes.FusedMultiplyAdd(TLanes.Broadcast(-A), oddA, evenA), v + 2 * point);
        TLanes.Store(TLanes.FusedMultiplyAdd(TLanes.Broadcast(B), oddB, evenB), v + 3 * point);
        TLanes.Store(TLanes.FusedMultiplyAdd(TLanes.Broadcast(-B), oddB, evenB), v + 4 * point);
        TLanes.Store(TLanes.FusedMultiplyAdd(minus5Halves, d3, TLanes.Add(d1, d5)), v + 5 * point);
    }

    /// <summary>The first and third row of Aᵀ times a column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OutputEven<TLanes>(float* m, nint step, out TLanes first, out TLanes third) where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes sumA = TLanes.Add(TLanes.Load(m + step), TLanes.Load(m + 2 * step));
        TLanes sumB = TLanes.Add(TLanes.Load(m + 3 * step), TLanes.Load(m + 4 * step));
        first = TLanes.Add(TLanes.Load(m), TLanes.Add(sumA, sumB));
        third = TLanes.FusedMultiplyAdd(TLanes.Broadcast(0.5f), sumA, TLanes.Multiply(TLanes.Broadcast(2f), sumB));
    }

    /// <summary>The second and fourth row of Aᵀ times a column; of two rows the second is the last and reads ∞.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OutputOdd<TLanes>(float* m, nint step, int outputs, out TLanes second, out TLanes fourth) where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes differenceA = TLanes.Subtract(TLanes.Load(m + step), TLanes.Load(m + 2 * step));
        TLanes differenceB = TLanes.Subtract(TLanes.Load(m + 3 * step), TLanes.Load(m + 4 * step));
        TLanes last = TLanes.Load(m + 5 * step);
        TLanes start = outputs == 2 ? last : TLanes.Zero;
        second = TLanes.FusedMultiplyAdd(TLanes.Broadcast(A), differenceA, TLanes.FusedMultiplyAdd(TLanes.Broadcast(B), differenceB, start));
        fourth = TLanes.FusedMultiplyAdd(TLanes.Broadcast(A / 2), differenceA, TLanes.FusedMultiplyAdd(TLanes.Broadcast(2 * B), differenceB, last));
    }

    /// <summary>A row times A, plus bias.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OutputRow<TLanes>(TLanes m0, TLanes m1, TLanes m2, TLanes m3, TLanes m4, TLanes m5, int outputs, float* y, nint step, TLanes bias)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes last = TLanes.Add(m5, bias);
        TLanes sumA = TLanes.Add(m1, m2);
        TLanes differenceA = TLanes.Subtract(m1, m2);
        TLanes sumB = TLanes.Add(m3, m4);
        TLanes differenceB = TLanes.Subtract(m3, m4);
        TLanes.Store(TLanes.Add(TLanes.Add(m0, bias), TLanes.Add(sumA, sumB)), y);
        TLanes start = outputs == 2 ? last : bias;
        TLanes.Store(TLanes.FusedMultiplyAdd(TLanes.Broadcast(A), differenceA, TLanes.FusedMultiplyAdd(TLanes.Broadcast(B), differenceB, start)), y + step);
        if (outputs == 2)
        {
            return;
        }

        TLanes.Store(TLanes.FusedMultiplyAdd(TLanes.Broadcast(0.5f), sumA, TLanes.FusedMultiplyAdd(TLanes.Broadcast(2f), sumB, bias)), y + 2 * step);
        TLanes.Store(TLanes.FusedMultiplyAdd(TLanes.Broadcast(A / 2), differenceA, TLanes.FusedMultiplyAdd(TLanes.Broadcast(2 * B), differenceB, last)), y + 3 * step);
    }
}
