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

    /// <summary>Pixels that a task packs: 64 KiB of values.</summary>
    private const int Piece = 1024;

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
    /// <param name="dense">The values.</param>
    /// <param name="blocked">Where they go.</param>
    /// <param name="pool">The threads that share the work; none: the caller alone.</param>
    public unsafe void Pack(ReadOnlySpan<float> dense, float* blocked, WorkerPool? pool = null)
    {
        fixed (float* start = dense)
        {
            Move((nint)start, (nint)blocked, pool, pack: true);
        }
    }

    /// <summary>To dense <c>[N,C,H,W]</c> order.</summary>
    /// <inheritdoc cref="Pack"/>
    public unsafe void Unpack(float* blocked, Span<float> dense, WorkerPool? pool = null)
    {
        fixed (float* start = dense)
        {
            Move((nint)start, (nint)blocked, pool, pack: false);
        }
    }

    /// <summary>Moves pieces of planes of sixteen channels.</summary>
    private unsafe void Move(nint dense, nint blocked, WorkerPool? pool, bool pack)
    {
        int pixels = H * W, pieces = (pixels + Piece - 1) / Piece, count = N * Blocks * pieces;
        Blocked shape = this;
        if (pool is not null && Floats > Piece * Lanes)
        {
            pool.Run(count, (task, _) => shape.MovePiece(dense, blocked, task / pieces, task % pieces * Piece, pack));
            return;
        }

        for (int task = 0; task < count; task++)
        {
            MovePiece(dense, blocked, task / pieces, task % pieces * Piece, pack);
        }
    }

    private unsafe void MovePiece(nint dense, nint blocked, int plane, int first, bool pack)
    {
        (int pixels, int n, int b) = (H * W, plane / Blocks, plane % Blocks);
        int length = Math.Min(Piece, pixels - first);
        float* channels = (float*)dense + ((long)n * C + b * Lanes) * pixels + first;
        float* vectors = (float*)blocked + (long)plane * Plane + (long)first * Lanes;
        int used = Math.Min(Lanes, C - b * Lanes);
        if (pack)
        {
            LaneOrder.Pack(channels, pixels, used, vectors, length);
        }
        else
        {
            LaneOrder.Unpack(vectors, channels, pixels, used, length);
        }
    }
}
