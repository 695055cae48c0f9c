using System.Runtime.CompilerServices;
using Interp.Engine.Cpu.Lanes;

namespace Interp.Engine.Cpu.Convolution;

/// <summary>
/// The inner loop of every convolution: y[p, o] = b[o] + Σ_t Σ_c x[tap_t + p·pitch + c] · w[t, c, o] for a tile of <c>TRows</c>
/// neighbouring pixels p and one or two
/// blocks of sixteen output channels o.
/// </summary>
/// <remarks>
/// All accumulators live in registers: 14 pixels × 2 blocks fill 28 of the 32 registers of AVX-512, beside two weights and one broadcast
/// value; 6 × 1 fill
/// 12 of the 16 of AVX2, whose blocks take two each. A step of c costs TBlocks loads and one broadcast a pixel, all from cache, for rows
/// × blocks
/// multiply-adds, so arithmetic is the limit. The number of rows and blocks are constants to the compiler, which drops the lines that a
/// smaller tile lacks.
/// </remarks>
internal static unsafe class MicroKernel<TLanes, TRows, TPitch, TBlocks>
    where TLanes : unmanaged, ILanes<TLanes>
    where TRows : struct, ITileRows
    where TPitch : struct, IPixelPitch
    where TBlocks : struct, ITileRows
{
    /// <summary>Computes one tile.</summary>
    /// <param name="x">The input at the tile's first pixel; pixels lie <c>TPitch</c> apart.</param>
    /// <param name="taps">Offset of each tap in floats.</param>
    /// <param name="tapCount">Number of taps.</param>
    /// <param name="depth">Input channels summed at each tap, 1 to 16; not used for planes, where it is one.</param>
    /// <param name="w">Weights <c>[tap][depth][TBlocks·16]</c>, aligned.</param>
    /// <param name="ahead">What is fetched meanwhile; nothing for planes, whose filters are few.</param>
    /// <param name="bias">TBlocks·16 start values.</param>
    /// <param name="y0">Output of the first block.</param>
    /// <param name="y1">Output of the second block; not used where TBlocks is 1.</param>
    /// <param name="pitch">Floats from one pixel of the output to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public static void Run(float* x, int* taps, int tapCount, int depth, float* w, FetchAhead ahead, float* bias, float* y0, float* y1,
        nint pitch)
    {
        TLanes b0 = TLanes.Load(bias);
        TLanes b1 = TBlocks.Count > 1 ? TLanes.Load(bias + 16) : default;
        float* fetched = ahead.First;
        nint apart = ahead.Apart, step = ahead.Step;
        int pairs = ahead.Pairs;
        TLanes p0 = b0, q0 = b1;
        TLanes p1 = b0, q1 = b1;
        TLanes p2 = b0, q2 = b1;
        TLanes p3 = b0, q3 = b1;
        TLanes p4 = b0, q4 = b1;
        TLanes p5 = b0, q5 = b1;
        TLanes p6 = b0, q6 = b1;
        TLanes p7 = b0, q7 = b1;
        TLanes p8 = b0, q8 = b1;
        TLanes p9 = b0, q9 = b1;
        TLanes p10 = b0, q10 = b1;
        TLanes p11 = b0, q11 = b1;
        TLanes p12 = b0, q12 = b1;
        TLanes p13 = b0, q13 = b1;
        for (int t = 0; t < tapCount; t++)
        {
            float* xc = x + taps[t];
            float* end = xc + depth;
            do
            {
                float* pause = end;
                if (TPitch.HasBlocks)
                {
                    pause = xc + FetchAhead.Steps < end ? xc + FetchAhead.Steps : end;
                    for (int pair = 0; pair < pairs; pair++, fetched += step)
                    {
                        Prefetch.LineToSecondLevel(fetched);
                        Prefetch.LineToSecondLevel(fetched + apart);
                    }
                }

                do
                {
                    TLanes w0 = TLanes.Load(w);
                    TLanes w1 = TBlocks.Count > 1 ? TLanes.Load(w + 16) : default;
                    w += TBlocks.Count * 16;
                    TLanes v0 = TLanes.Broadcast(xc);
                    TLanes.Accumulate(ref p0, v0, w0);
                    if (TBlocks.Count > 1)
                    {
                        TLanes.Accumulate(ref q0, v0, w1);
                    }

                    if (TRows.Count > 1)
                    {
                        TLanes v1 = TLanes.Broadcast(xc + TPitch.Floats);
                        TLanes.Accumulate(ref p1, v1, w0);
                        if (TBlocks.Count > 1)
                        {
                            TLanes.Accumulate(ref q1, v1, w1);
                        }
                    }

                    if (TRows.Count > 2)
                    {
                        TLanes v2 = TLanes.Broadcast(xc + 2 * TPitch.Floats);
                        TLanes.Accumulate(ref p2, v2, w0);
                        if (TBlocks.Count > 1)
                        {
                            TLanes.Accumulate(ref q2, v2, w1);
                        }
                    }

                    if (TRows.Count > 3)
                    {
                        TLanes v3 = TLanes.Broadcast(xc + 3 * TPitch.Floats);
                        TLanes.Accumulate(ref p3, v3, w0);
                        if (TBlocks.Count > 1)
                        {
                            TLanes.Accumulate(ref q3, v3, w1);
                        }
                    }

                    if (TRows.Count > 4)
                    {
                        TLanes v4 = TLanes.Broadcast(xc + 4 * TPitch.Floats);
                        TLanes.Accumulate(ref p4, v4, w0);
                        if (TBlocks.Count > 1)
                        {
                            TLanes.Accumulate(ref q4, v4, w1);
                        }
                    }

                    if (TRows.Count > 5)
                    {
                        TLanes v5 = TLanes.Broadcast(xc + 5 * TPitch.Floats);
                        TLanes.Accumulate(ref p5, v5, w0);
                        if (TBlocks.Count > 1)
                        {
                            TLanes.Accumulate(ref q5, v5, w1);
                        }
                    }

                    if (TRows.Count > 6)
                    {
                        TLanes v6 = TLanes.Broadcast(xc + 6 * TPitch.Floats);
                        TLanes.Accumulate(ref p6, v6, w0);
                        if (TBlocks.Count > 1)
                        {
                            TLanes.Accumulate(ref q6, v6, w1);
                        }
                    }

                    if (TRows.Count > 7)
                    {
                        TLanes v7 = TLanes.Broadcast(xc + 7 * TPitch.Floats);
                        TLanes.Accumulate(ref p7, v7, w0);
                        if (TBlocks.Count > 1)
                        {
                            TLanes.Accumulate(ref q7, v7, w1);
                        }
                    }

                    if (TRows.Count > 8)
                    {
                        TLanes v8 = TLanes.Broadcast(xc + 8 * TPitch.Floats);
                        TLanes.Accumulate(ref p8, v8, w0);
                        if (TBlocks.Count > 1)
                        {
                            TLanes.Accumulate(ref q8, v8, w1);
                        }
                    }

                    if (TRows.Count > 9)
                    {
                        TLanes v9 = TLanes.Broadcast(xc + 9 * TPitch.Floats);
                        TLanes.Accumulate(ref p9, v9, w0);
                        if (TBlocks.Count > 1)
                        {
                            TLanes.Accumulate(ref q9, v9, w1);
                        }
                    }

                    if (TRows.Count > 10)
                    {
                        TLanes v10 = TLanes.Broadcast(xc + 10 * TPitch.Floats);
                        TLanes.Accumulate(ref p10, v10, w0);
                        if (TBlocks.Count > 1)
                        {
                            TLanes.Accumulate(ref q10, v10, w1);
                        }
                    }

                    if (TRows.Count > 11)
                    {
                        TLanes v11 = TLanes.Broadcast(xc + 11 * TPitch.Floats);
                        TLanes.Accumulate(ref p11, v11, w0);
                        if (TBlocks.Count > 1)
                        {
                            TLanes.Accumulate(ref q11, v11, w1);
                        }
                    }

                    if (TRows.Count > 12)
                    {
                        TLanes v12 = TLanes.Broadcast(xc + 12 * TPitch.Floats);
                        TLanes.Accumulate(ref p12, v12, w0);
                        if (TBlocks.Count > 1)
                        {
                            TLanes.Accumulate(ref q12, v12, w1);
                        }
                    }

                    if (TRows.Count > 13)
                    {
                        TLanes v13 = TLanes.Broadcast(xc + 13 * TPitch.Floats);
                        TLanes.Accumulate(ref p13, v13, w0);
                        if (TBlocks.Count > 1)
                        {
                            TLanes.Accumulate(ref q13, v13, w1);
                        }
                    }
                    xc++;
                }
                while (TPitch.HasBlocks && xc < pause);
            }
            while (TPitch.HasBlocks && xc < end);
        }

        Store(0, p0, q0, y0, y1, pitch);
        Store(1, p1, q1, y0, y1, pitch);
        Store(2, p2, q2, y0, y1, pitch);
        Store(3, p3, q3, y0, y1, pitch);
        Store(4, p4, q4, y0, y1, pitch);
        Store(5, p5, q5, y0, y1, pitch);
        Store(6, p6, q6, y0, y1, pitch);
        Store(7, p7, q7, y0, y1, pitch);
        Store(8, p8, q8, y0, y1, pitch);
        Store(9, p9, q9, y0, y1, pitch);
        Store(10, p10, q10, y0, y1, pitch);
        Store(11, p11, q11, y0, y1, pitch);
        Store(12, p12, q12, y0, y1, pitch);
        Store(13, p13, q13, y0, y1, pitch);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(int row, TLanes first, TLanes second, float* y0, float* y1, nint pitch)
    {
        if (TRows.Count > row)
        {
            TLanes.Store(first, y0 + row * pitch);
            if (TBlocks.Count > 1)
            {
                TLanes.Store(second, y1 + row * pitch);
            }
        }
    }
}
