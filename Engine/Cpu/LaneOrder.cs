using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Interp.Engine.Cpu;

/// <summary>
/// Up to sixteen rows of values, a channel each, to vectors with the channels of a pixel side by side, and back: blocks of four by four are
/// turned in registers. Rows often lie a multiple of 4 KiB apart, so that a cache line of each is used up at once.
/// </summary>
internal static unsafe class LaneOrder
{
    private const int Line = 16; // floats of a cache line

    /// <summary>Rows to vectors; unused lanes become zero.</summary>
    /// <param name="rows">The first row.</param>
    /// <param name="pitch">Floats from one row to the next.</param>
    /// <param name="used">How many rows there are, 1 to 16.</param>
    /// <param name="vectors">Where the vectors go.</param>
    /// <param name="length">Values of a row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(float* rows, nint pitch, int used, float* vectors, int length)
    {
        int p = 0;
        if (used == Blocked.Lanes)
        {
            for (; p + Line <= length; p += Line)
            {
                for (int lane = 0; lane < Blocked.Lanes; lane += 4)
                {
                    float* from = rows + lane * pitch + p;
                    float* to = vectors + (nint)p * Blocked.Lanes + lane;
                    for (int q = 0; q < Line; q += 4)
                    {
                        Turn(from + q, pitch, to + q * Blocked.Lanes, Blocked.Lanes);
                    }
                }
            }
        }

        for (; p < length; p++)
        {
            float* to = vectors + (nint)p * Blocked.Lanes;
            Vector512<float>.Zero.Store(to);
            for (int lane = 0; lane < used; lane++)
            {
                to[lane] = rows[lane * pitch + p];
            }
        }
    }

    /// <summary>Vectors to rows.</summary>
    /// <inheritdoc cref="Pack"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Unpack(float* vectors, float* rows, nint pitch, int used, int length)
    {
        int p = 0;
        if (used == Blocked.Lanes)
        {
            for (; p + Line <= length; p += Line)
            {
                for (int lane = 0; lane < Blocked.Lanes; lane += 4)
                {
                    float* from = vectors + (nint)p * Blocked.Lanes + lane;
                    float* to = rows + lane * pitch + p;
                    for (int q = 0; q < Line; q += 4)
                    {
                        Turn(from + q * Blocked.Lanes, Blocked.Lanes, to + q, pitch);
                    }
                }
            }
        }

        for (; p < length; p++)
        {
            float* from = vectors + (nint)p * Blocked.Lanes;
            for (int lane = 0; lane < used; lane++)
            {
                rows[lane * pitch + p] = from[lane];
            }
        }
    }

    /// <summary>Four rows of four values to four columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Turn(float* from, nint step, float* to, nint toStep)
    {
        Vector128<float> a = Vector128.Load(from), b = Vector128.Load(from + step);
        Vector128<float> c = Vector128.Load(from + 2 * step), d = Vector128.Load(from + 3 * step);
        Vector128<float> ac = Low(a, c), bd = Low(b, d), ac2 = High(a, c), bd2 = High(b, d);
        Low(ac, bd).Store(to);
        High(ac, bd).Store(to + toStep);
        Low(ac2, bd2).Store(to + 2 * toStep);
        High(ac2, bd2).Store(to + 3 * toStep);
    }

    /// <summary>a0 b0 a1 b1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Low(Vector128<float> a, Vector128<float> b) => Sse.IsSupported ? Sse.UnpackLow(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b) : Vector128.Create(a[0], b[0], a[1], b[1]);

    /// <summary>a2 b2 a3 b3.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> High(Vector128<float> a, Vector128<float> b) => Sse.IsSupported ? Sse.UnpackHigh(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b) : Vector128.Create(a[2], b[2], a[3], b[3]);
}
