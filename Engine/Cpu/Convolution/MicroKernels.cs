using Interp.Engine.Cpu.Lanes;

namespace Interp.Engine.Cpu.Convolution;

/// <summary>The micro-kernels of one width of register and pitch of input pixels, by number of pixels.</summary>
internal static unsafe class MicroKernels<TLanes, TPitch> where TLanes : unmanaged, ILanes<TLanes> where TPitch : struct, IPixelPitch
{
    private static readonly delegate*<float*, int*, int, int, float*, FetchAhead, float*, float*, float*, nint, void>[] s_byRows =
    [
        &MicroKernel<TLanes, Rows1, TPitch>.Run,
        &MicroKernel<TLanes, Rows2, TPitch>.Run,
        &MicroKernel<TLanes, Rows3, TPitch>.Run,
        &MicroKernel<TLanes, Rows4, TPitch>.Run,
        &MicroKernel<TLanes, Rows5, TPitch>.Run,
        &MicroKernel<TLanes, Rows6, TPitch>.Run,
        &MicroKernel<TLanes, Rows7, TPitch>.Run,
        &MicroKernel<TLanes, Rows8, TPitch>.Run,
        &MicroKernel<TLanes, Rows9, TPitch>.Run,
        &MicroKernel<TLanes, Rows10, TPitch>.Run,
        &MicroKernel<TLanes, Rows11, TPitch>.Run,
        &MicroKernel<TLanes, Rows12, TPitch>.Run,
        &MicroKernel<TLanes, Rows13, TPitch>.Run,
        &MicroKernel<TLanes, Rows14, TPitch>.Run,
    ];

    /// <summary>The micro-kernel for a tile of <paramref name="rows"/> pixels, at most <c>TLanes.TilePixels</c>.</summary>
    public static delegate*<float*, int*, int, int, float*, FetchAhead, float*, float*, float*, nint, void> ForRows(int rows) =>
        s_byRows[rows - 1];
}
