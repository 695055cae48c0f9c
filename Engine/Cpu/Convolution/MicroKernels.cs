using Interp.Engine.Cpu.Lanes;

namespace Interp.Engine.Cpu.Convolution;

/// <summary>The micro-kernels of one width of register and pitch of input pixels, by number of pixels.</summary>
internal static unsafe class MicroKernels<TLanes, TPitch> where TLanes : unmanaged, ILanes<TLanes> where TPitch : struct, IPixelPitch
{
    private static readonly delegate*<float*, int*, int, int, float*, FetchAhead, float*, float*, float*, nint, void>[] s_one =
    [
        &MicroKernel<TLanes, Rows1, TPitch, Rows1>.Run,
        &MicroKernel<TLanes, Rows2, TPitch, Rows1>.Run,
        &MicroKernel<TLanes, Rows3, TPitch, Rows1>.Run,
        &MicroKernel<TLanes, Rows4, TPitch, Rows1>.Run,
        &MicroKernel<TLanes, Rows5, TPitch, Rows1>.Run,
        &MicroKernel<TLanes, Rows6, TPitch, Rows1>.Run,
        &MicroKernel<TLanes, Rows7, TPitch, Rows1>.Run,
        &MicroKernel<TLanes, Rows8, TPitch, Rows1>.Run,
        &MicroKernel<TLanes, Rows9, TPitch, Rows1>.Run,
        &MicroKernel<TLanes, Rows10, TPitch, Rows1>.Run,
        &MicroKernel<TLanes, Rows11, TPitch, Rows1>.Run,
        &MicroKernel<TLanes, Rows12, TPitch, Rows1>.Run,
        &MicroKernel<TLanes, Rows13, TPitch, Rows1>.Run,
        &MicroKernel<TLanes, Rows14, TPitch, Rows1>.Run,
    ];

    private static readonly delegate*<float*, int*, int, int, float*, FetchAhead, float*, float*, float*, nint, void>[] s_two =
    [
        &MicroKernel<TLanes, Rows1, TPitch, Rows2>.Run,
        &MicroKernel<TLanes, Rows2, TPitch, Rows2>.Run,
        &MicroKernel<TLanes, Rows3, TPitch, Rows2>.Run,
        &MicroKernel<TLanes, Rows4, TPitch, Rows2>.Run,
        &MicroKernel<TLanes, Rows5, TPitch, Rows2>.Run,
        &MicroKernel<TLanes, Rows6, TPitch, Rows2>.Run,
        &MicroKernel<TLanes, Rows7, TPitch, Rows2>.Run,
        &MicroKernel<TLanes, Rows8, TPitch, Rows2>.Run,
        &MicroKernel<TLanes, Rows9, TPitch, Rows2>.Run,
        &MicroKernel<TLanes, Rows10, TPitch, Rows2>.Run,
        &MicroKernel<TLanes, Rows11, TPitch, Rows2>.Run,
        &MicroKernel<TLanes, Rows12, TPitch, Rows2>.Run,
        &MicroKernel<TLanes, Rows13, TPitch, Rows2>.Run,
        &MicroKernel<TLanes, Rows14, TPitch, Rows2>.Run,
    ];

    /// <summary>The micro-kernel for a tile of <paramref name="rows"/> pixels, at most <c>TLanes.TilePixels</c>, and as many blocks as the
    /// registers hold.</summary>
    public static delegate*<float*, int*, int, int, float*, FetchAhead, float*, float*, float*, nint, void> ForRows(int rows) =>
        ForRows(rows, TLanes.TileBlocks);

    /// <summary>The same for one or two blocks, at most <c>TLanes.TileBlocks</c>.</summary>
    public static delegate*<float*, int*, int, int, float*, FetchAhead, float*, float*, float*, nint, void> ForRows(int rows, int blocks) =>
        (blocks > 1 ? s_two : s_one)[rows - 1];
}
