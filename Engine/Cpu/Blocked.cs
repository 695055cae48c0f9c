using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Interp.Engine.Tensors;

namespace Interp.Engine.Cpu;

/// <summary>
/// The CPU backend's layout. Feature maps <c>[N,C,H,W]</c> are stored as <c>[N][⌈C/16⌉][H][W][16]</c>: sixteen channels of one pixel side
/// by side, so that
/// every kernel works on whole vectors whatever the sizes. Vectors <c>[N,F]</c> are stored as <c>[N][⌈F/16⌉·16]</c>, which is the same with
/// H = W = 1.
/// Lanes past the last channel always hold zero.
/// </summary>
internal readonly record struct Blocked(int N, int C, int H, int W)
{
    /// <summary>Channels in a block.</summary>
    public const int Lanes = 16;

    public Blocked(Shape shape) : this(shape[0], shape[1], shape.Rank == 4 ? shape[2] : 1, shape.Rank == 4 ? shape[3] : 1)
    {
    }

    public int Blocks => (C + Lanes - 1) / Lanes;

    /// <summary>Floats from one row to the next.</summary>
    public nint Row => (nint)W * Lanes;

    /// <summary>Floats from one block of channels to the next.</summary>
    public nint Plane => (nint)H * W * Lanes;

    /// <summary>Floats from one image to the next.</summary>
    public nint Image => Blocks * Plane;

    public long Floats => (long)N * Image;

    public long Bytes => Floats * sizeof(float);

    /// <summary>Floats from one image to the next in the dense order <c>[N,C,H,W]</c>.</summary>
    public nint DenseImage => (nint)C * H * W;

    /// <summary>Number of sixteen-lane vectors.</summary>
    public long Vectors => Floats / Lanes;

    /// <summary>The lanes that hold channels in a plane n·Blocks + block, lane 0 lowest.</summary>
    public uint UsedLanes(long plane) => (1u << Math.Min(Lanes, C - (int)(plane % Blocks) * Lanes)) - 1;

    /// <summary>One value for each channel, then zeros to the last block's end, in memory that stays where it is.</summary>
    public float[] PadChannels(ReadOnlySpan<float> values)
    {
        float[] padded = GC.AllocateArray<float>(Blocks * Lanes, pinned: true);
        values.CopyTo(padded);
        return padded;
    }

    /// <summary>From dense <c>[N,C,H,W]</c> order; unused lanes become zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public unsafe void Pack(ReadOnlySpan<float> dense, float* blocked)
    {
        int pixels = H * W;
        fixed (float* start = dense)
        {
            for (int n = 0; n < N; n++)
            {
                for (int b = 0; b < Blocks; b++)
                {
                    float* to = blocked + n * Image + b * Plane;
                    int used = Math.Min(Lanes, C - b * Lanes);
                    float* from = start + ((long)n * C + b * Lanes) * pixels;
                    for (int p = 0; p < pixels; p++, to += Lanes)
                    {
                        Vector512<float>.Zero.Store(to);
                        for (int lane = 0; lane < used; lane++)
                        {
                            to[lane] = from[(nint)lane * pixels + p];
                        }
                    }
                }
            }
        }
    }

    /// <summary>To dense <c>[N,C,H,W]</c> order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public unsafe void Unpack(float* blocked, Span<float> dense)
    {
        int pixels = H * W;
        fixed (float* start = dense)
        {
            for (int n = 0; n < N; n++)
            {
                for (int b = 0; b < Blocks; b++)
                {
                    float* from = blocked + n * Image + b * Plane;
                    int used = Math.Min(Lanes, C - b * Lanes);
                    float* to = start + ((long)n * C + b * Lanes) * pixels;
                    for (int p = 0; p < pixels; p++, from += Lanes)
                    {
                        for (int lane = 0; lane < used; lane++)
                        {
                            to[(nint)lane * pixels + p] = from[lane];
                        }
                    }
                }
            }
        }
    }
}
