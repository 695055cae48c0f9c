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

    /// <summary>Bᵀ d B for sixteen channels.</summary>
    /// <param name="d">The first of 6×6 vectors.</param>
    /// <param name="row">Floats from one row of d to the next.</param>
    /// <param name="column">Floats from one column of d to the next.</param>
    /// <param name="v">Where the 36 vectors go.</param>
    /// <param name="point">Floats from one of them to the next.</param>
    /// <param name="temp">Room for 36 vectors.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Input<TLanes>(float* d, nint row, nint column, float* v, nint point, float* temp) where TLanes : unmanaged, ILanes<TLanes>
    {
        for (int j = 0; j < Inputs; j++)
        {
            Input1<TLanes>(d + j * column, row, temp + j * 16, Inputs * 16);
        }

        for (int i = 0; i < Inputs; i++)
        {
            Input1<TLanes>(temp + i * Inputs * 16, 16, v + i * Inputs * point, point);
        }
    }

    /// <summary>Aᵀ m A + bias for sixteen channels.</summary>
    /// <param name="m">The first of 36 vectors.</param>
    /// <param name="point">Floats from one of them to the next.</param>
    /// <param name="outputs">Outputs along one axis, 4 or 2.</param>
    /// <param name="y">Where they go.</param>
    /// <param name="row">Floats from one row of y to the next.</param>
    /// <param name="column">Floats from one column of y to the next.</param>
    /// <param name="temp">Room for 24 vectors.</param>
    /// <param name="bias">Added to each result.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Output<TLanes>(float* m, nint point, int outputs, float* y, nint row, nint column, float* temp, TLanes bias)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        for (int j = 0; j < Inputs; j++)
        {
            Output1<TLanes>(m + j * point, Inputs * point, outputs, temp + j * 16, Inputs * 16, TLanes.Zero);
        }

        for (int i = 0; i < outputs; i++)
        {
            Output1<TLanes>(temp + i * Inputs * 16, 16, outputs, y + i * row, column, bias);
        }
    }

    /// <summary>Bᵀ d along one axis.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Input1<TLanes>(float* d, nint step, float* v, nint point) where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes d0 = TLanes.Load(d);
        TLanes d1 = TLanes.Load(d + step);
        TLanes d2 = TLanes.Load(d + 2 * step);
        TLanes d3 = TLanes.Load(d + 3 * step);
        TLanes d4 = TLanes.Load(d + 4 * step);
        TLanes d5 = TLanes.Load(d + 5 * step);
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

    /// <summary>Aᵀ m along one axis.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Output1<TLanes>(float* m, nint point, int outputs, float* y, nint step, TLanes bias) where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes m1 = TLanes.Load(m + point);
        TLanes m2 = TLanes.Load(m + 2 * point);
        TLanes m3 = TLanes.Load(m + 3 * point);
        TLanes m4 = TLanes.Load(m + 4 * point);
        TLanes last = TLanes.Add(TLanes.Load(m + 5 * point), bias);
        TLanes sumA = TLanes.Add(m1, m2);
        TLanes differenceA = TLanes.Subtract(m1, m2);
        TLanes sumB = TLanes.Add(m3, m4);
        TLanes differenceB = TLanes.Subtract(m3, m4);
        TLanes.Store(TLanes.Add(TLanes.Add(TLanes.Load(m), bias), TLanes.Add(sumA, sumB)), y);
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
