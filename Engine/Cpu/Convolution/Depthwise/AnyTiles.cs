using System.Runtime.CompilerServices;
using Interp.Engine.Cpu.Lanes;

namespace Interp.Engine.Cpu.Convolution.Depthwise;

/// <summary>Tiles of eight neighbouring pixels of a depthwise convolution of any stride, dilation and number of taps, tap after tap in row
/// order: nine loads for eight multiply-adds.</summary>
internal readonly unsafe struct AnyTiles<TRegister, TReach> : ITiles
    where TRegister : unmanaged, IVector<TRegister>
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
        int stride = row->Stride, width = row->Width, count = row->Count - start, left = row->Left + start * stride;
        for (int t = 0; t < tiles; t++, y += 8 * pitch, left += 8 * stride)
        {
            TRegister s0 = bias, s1 = bias, s2 = bias, s3 = bias, s4 = bias, s5 = bias, s6 = bias, s7 = bias;
            float* filter = row->Filters + lane;
            for (int r = 0; r < row->High; r++)
            {
                float* x = row->Rows[r] + lane;
                for (int k = 0; k < row->Wide; k++, filter += Blocked.Lanes)
                {
                    TRegister w = TRegister.Load(filter);
                    int at = left + row->Columns[k];
                    TRegister.Accumulate(ref s0, Take(x, at, width), w);
                    TRegister.Accumulate(ref s1, Take(x, at + stride, width), w);
                    TRegister.Accumulate(ref s2, Take(x, at + 2 * stride, width), w);
                    TRegister.Accumulate(ref s3, Take(x, at + 3 * stride, width), w);
                    TRegister.Accumulate(ref s4, Take(x, at + 4 * stride, width), w);
                    TRegister.Accumulate(ref s5, Take(x, at + 5 * stride, width), w);
                    TRegister.Accumulate(ref s6, Take(x, at + 6 * stride, width), w);
                    TRegister.Accumulate(ref s7, Take(x, at + 7 * stride, width), w);
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TRegister Take(float* x, int at, int width) =>
        TReach.Checks && (uint)at >= (uint)width ? default : TRegister.Load(x + (nint)at * Blocked.Lanes);
}
