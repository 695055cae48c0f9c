using System.Runtime.CompilerServices;
using Interp.Engine.Cpu.Lanes;

namespace Interp.Engine.Cpu.Convolution.Depthwise;

/// <summary>
/// Tiles of seven or eight neighbouring pixels of a depthwise convolution of stride 1: each column of the input is loaded once for each row
/// of taps and added to the pixels that reach it while it is in its register.
/// </summary>
/// <remarks>
/// Eight sums, up to seven filter taps and one column take the sixteen registers of AVX2. A row of k taps costs T + 2k − 1 loads for T·k
/// multiply-adds, so arithmetic is the limit. Each sum takes its taps in row order.
/// </remarks>
internal readonly unsafe struct SlideByOne<TRegister, TWidth, TRows, TReach> : ITiles
    where TRegister : unmanaged, IVector<TRegister>
    where TWidth : struct, ITileRows
    where TRows : struct, ITileRows
    where TReach : struct, IReach
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public static void Run(DepthwiseRow* row, int lane, int start, int tiles)
    {
        TRegister bias = TRegister.Load(row->Bias + lane);
        float** rows = row->Rows;
        nint pitch = row->Pitch;
        float* y = row->Y + start * pitch + lane;
        int at = row->Left + start;
        int count = row->Count - start, high = row->High;
        EdgeColumn* edge = row->Edge;
        for (int t = 0; t < tiles; t++, y += TRows.Count * pitch, at += TRows.Count)
        {
            TRegister s0 = bias, s1 = bias, s2 = bias, s3 = bias, s4 = bias, s5 = bias, s6 = bias, s7 = bias;
            float* filter = row->Filters + lane;
            for (int r = 0; r < high; r++, filter += TWidth.Count * Blocked.Lanes)
            {
                TRegister w0 = TRegister.Load(filter);
                TRegister w1 = Slide.Filter<TRegister>(TWidth.Count > 1, filter + Blocked.Lanes);
                TRegister w2 = Slide.Filter<TRegister>(TWidth.Count > 2, filter + 2 * Blocked.Lanes);
                TRegister w3 = Slide.Filter<TRegister>(TWidth.Count > 3, filter + 3 * Blocked.Lanes);
                TRegister w4 = Slide.Filter<TRegister>(TWidth.Count > 4, filter + 4 * Blocked.Lanes);
                TRegister w5 = Slide.Filter<TRegister>(TWidth.Count > 5, filter + 5 * Blocked.Lanes);
                TRegister w6 = Slide.Filter<TRegister>(TWidth.Count > 6, filter + 6 * Blocked.Lanes);
                float* x = rows[r] + (nint)at * Blocked.Lanes + lane;
                TRegister v = Slide.Column<TRegister, TReach>(0 < TRows.Count + TWidth.Count - 1, x, edge, 0);
                Slide.Add(true, ref s0, v, w0);
                v = Slide.Column<TRegister, TReach>(1 < TRows.Count + TWidth.Count - 1, x, edge, 1);
                Slide.Add(TWidth.Count > 1, ref s0, v, w1);
                Slide.Add(true, ref s1, v, w0);
                v = Slide.Column<TRegister, TReach>(2 < TRows.Count + TWidth.Count - 1, x, edge, 2);
                Slide.Add(TWidth.Count > 2, ref s0, v, w2);
                Slide.Add(TWidth.Count > 1, ref s1, v, w1);
                Slide.Add(true, ref s2, v, w0);
                v = Slide.Column<TRegister, TReach>(3 < TRows.Count + TWidth.Count - 1, x, edge, 3);
                Slide.Add(TWidth.Count > 3, ref s0, v, w3);
                Slide.Add(TWidth.Count > 2, ref s1, v, w2);
                Slide.Add(TWidth.Count > 1, ref s2, v, w1);
                Slide.Add(true, ref s3, v, w0);
                v = Slide.Column<TRegister, TReach>(4 < TRows.Count + TWidth.Count - 1, x, edge, 4);
                Slide.Add(TWidth.Count > 4, ref s0, v, w4);
                Slide.Add(TWidth.Count > 3, ref s1, v, w3);
                Slide.Add(TWidth.Count > 2, ref s2, v, w2);
                Slide.Add(TWidth.Count > 1, ref s3, v, w1);
                Slide.Add(true, ref s4, v, w0);
                v = Slide.Column<TRegister, TReach>(5 < TRows.Count + TWidth.Count - 1, x, edge, 5);
                Slide.Add(TWidth.Count > 5, ref s0, v, w5);
                Slide.Add(TWidth.Count > 4, ref s1, v, w4);
                Slide.Add(TWidth.Count > 3, ref s2, v, w3);
                Slide.Add(TWidth.Count > 2, ref s3, v, w2);
                Slide.Add(TWidth.Count > 1, ref s4, v, w1);
                Slide.Add(true, ref s5, v, w0);
                v = Slide.Column<TRegister, TReach>(6 < TRows.Count + TWidth.Count - 1, x, edge, 6);
                Slide.Add(TWidth.Count > 6, ref s0, v, w6);
                Slide.Add(TWidth.Count > 5, ref s1, v, w5);
                Slide.Add(TWidth.Count > 4, ref s2, v, w4);
                Slide.Add(TWidth.Count > 3, ref s3, v, w3);
                Slide.Add(TWidth.Count > 2, ref s4, v, w2);
                Slide.Add(TWidth.Count > 1, ref s5, v, w1);
                Slide.Add(true, ref s6, v, w0);
                v = Slide.Column<TRegister, TReach>(7 < TRows.Count + TWidth.Count - 1, x, edge, 7);
                Slide.Add(TWidth.Count > 6, ref s1, v, w6);
                Slide.Add(TWidth.Count > 5, ref s2, v, w5);
                Slide.Add(TWidth.Count > 4, ref s3, v, w4);
                Slide.Add(TWidth.Count > 3, ref s4, v, w3);
                Slide.Add(TWidth.Count > 2, ref s5, v, w2);
                Slide.Add(TWidth.Count > 1, ref s6, v, w1);
                Slide.Add(TRows.Count > 7, ref s7, v, w0);
                v = Slide.Column<TRegister, TReach>(8 < TRows.Count + TWidth.Count - 1, x, edge, 8);
                Slide.Add(TWidth.Count > 6, ref s2, v, w6);
                Slide.Add(TWidth.Count > 5, ref s3, v, w5);
                Slide.Add(TWidth.Count > 4, ref s4, v, w4);
                Slide.Add(TWidth.Count > 3, ref s5, v, w3);
                Slide.Add(TWidth.Count > 2, ref s6, v, w2);
                Slide.Add(TWidth.Count > 1 && TRows.Count > 7, ref s7, v, w1);
                v = Slide.Column<TRegister, TReach>(9 < TRows.Count + TWidth.Count - 1, x, edge, 9);
                Slide.Add(TWidth.Count > 6, ref s3, v, w6);
                Slide.Add(TWidth.Count > 5, ref s4, v, w5);
                Slide.Add(TWidth.Count > 4, ref s5, v, w4);
                Slide.Add(TWidth.Count > 3, ref s6, v, w3);
                Slide.Add(TWidth.Count > 2 && TRows.Count > 7, ref s7, v, w2);
                v = Slide.Column<TRegister, TReach>(10 < TRows.Count + TWidth.Count - 1, x, edge, 10);
                Slide.Add(TWidth.Count > 6, ref s4, v, w6);
                Slide.Add(TWidth.Count > 5, ref s5, v, w5);
                Slide.Add(TWidth.Count > 4, ref s6, v, w4);
                Slide.Add(TWidth.Count > 3 && TRows.Count > 7, ref s7, v, w3);
                v = Slide.Column<TRegister, TReach>(11 < TRows.Count + TWidth.Count - 1, x, edge, 11);
                Slide.Add(TWidth.Count > 6, ref s5, v, w6);
                Slide.Add(TWidth.Count > 5, ref s6, v, w5);
                Slide.Add(TWidth.Count > 4 && TRows.Count > 7, ref s7, v, w4);
                v = Slide.Column<TRegister, TReach>(12 < TRows.Count + TWidth.Count - 1, x, edge, 12);
                Slide.Add(TWidth.Count > 6, ref s6, v, w6);
                Slide.Add(TWidth.Count > 5 && TRows.Count > 7, ref s7, v, w5);
                v = Slide.Column<TRegister, TReach>(13 < TRows.Count + TWidth.Count - 1, x, edge, 13);
                Slide.Add(TWidth.Count > 6 && TRows.Count > 7, ref s7, v, w6);
            }

            Slide.Store((!TReach.Checks || count > 0), s0, y);
            Slide.Store((!TReach.Checks || count > 1), s1, y + pitch);
            Slide.Store((!TReach.Checks || count > 2), s2, y + 2 * pitch);
            Slide.Store((!TReach.Checks || count > 3), s3, y + 3 * pitch);
            Slide.Store((!TReach.Checks || count > 4), s4, y + 4 * pitch);
            Slide.Store((!TReach.Checks || count > 5), s5, y + 5 * pitch);
            Slide.Store((!TReach.Checks || count > 6), s6, y + 6 * pitch);
            Slide.Store((!TReach.Checks || count > 7) && TRows.Count > 7, s7, y + 7 * pitch);
        }
    }
}
