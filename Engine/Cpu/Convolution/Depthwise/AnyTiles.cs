using System.Runtime.CompilerServices;
using Interp.Engine.Cpu.Lanes;

namespace Interp.Engine.Cpu.Convolution.Depthwise;

/// <summary>Tiles of eight neighbouring pixels of a depthwise convolution of any stride, dilation and number of taps, tap after tap in row
/// order: nine loads for eight multiply-adds.</summary>
internal readonly unsafe struct AnyTiles<TRegister, TStride, TReach> : ITiles
    where TRegister : unmanaged, IVector<TRegister>
    where TStride : struct, IStride
    where TReach : struct, IReach
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public static void Run(DepthwiseRow* row, int lane, int start, int tiles)
    {
        TRegister bias = TRegister.Load(row->Bias + lane);
        nint pitch = row->Pitch;
        float* y = row->Y + start * pitch + lane;
        nint step = TStride.IsOne ? Blocked.Lanes : row->Stride * (nint)Blocked.Lanes;
        int stride = row->Stride, count = row->Count - start, left = row->Left + start * stride;
        for (int t = 0; t < tiles; t++, y += 8 * pitch, left += 8 * stride)
        {
            TRegister s0 = bias, s1 = bias, s2 = bias, s3 = bias, s4 = bias, s5 = bias, s6 = bias, s7 = bias;
            float* filter = row->Filters + lane;
            for (int r = 0; r < row->High; r++)
            {
                float* x = row->Rows[r] + (nint)left * Blocked.Lanes + lane;
                EdgeColumn* edge = row->Edge;
                for (int k = 0; k < row->Wide; k++, filter += Blocked.Lanes, edge += 8)
                {
                    TRegister w = TRegister.Load(filter);
                    float* at = x + row->Columns[k] * (nint)Blocked.Lanes;
                    TRegister.Accumulate(ref s0, Column(x, edge, at), w);
                    TRegister.Accumulate(ref s1, Column(x, edge + 1, at + step), w);
                    TRegister.Accumulate(ref s2, Column(x, edge + 2, at + 2 * step), w);
                    TRegister.Accumulate(ref s3, Column(x, edge + 3, at + 3 * step), w);
                    TRegister.Accumulate(ref s4, Column(x, edge + 4, at + 4 * step), w);
                    TRegister.Accumulate(ref s5, Column(x, edge + 5, at + 5 * step), w);
                    TRegister.Accumulate(ref s6, Column(x, edge + 6, at + 6 * step), w);
                    TRegister.Accumulate(ref s7, Column(x, edge + 7, at + 7 * step), w);
                }
            }

            Slide.Store(true, s0, y);
            Slide.Store(!TReach.Checks || count > 1, s1, y + pitch);
            Slide.Store(!TReach.Checks || count > 2, s2, y + 2 * pitch);
            Slide.Store(!TReach.Checks || count > 3, s3, y + 3 * pitch);
            Slide.Store(!TReach.Checks || count > 4, s4, y + 4 * pitch);
            Slide.Store(!TReach.Checks || count > 5, s5, y + 5 * pitch);
            Slide.Store(!TReach.Checks || count > 6, s6, y + 6 * pitch);
            Slide.Store(!TReach.Checks || count > 7, s7, y + 7 * pitch);
        }
    }

    /// <summary>A column of the input: looked up at an edge, else where it lies.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TRegister Column(float* x, EdgeColumn* edge, float* inside) =>
        TRegister.Load(TReach.Checks ? edge->Find(x) : inside);
}

/// <summary>Whether pixels lie one column apart in the input, as a constant that the compiler sees.</summary>
internal interface IStride
{
    static abstract bool IsOne { get; }
}

/// <summary>One column apart.</summary>
internal readonly struct StrideOfOne : IStride
{
    public static bool IsOne => true;
}

/// <summary>Any number of columns apart.</summary>
internal readonly struct AnyStride : IStride
{
    public static bool IsOne => false;
}
