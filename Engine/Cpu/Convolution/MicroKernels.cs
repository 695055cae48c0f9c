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
    public static delegate*<float*, int*, int, int, float*, FetchAhead, float*, float*, float*, nint, void> ForRows(int rows) => s_byRows[rows - 1];

    /// <summary>
    /// Cuts a run of <paramref name="count"/> pixels into the fewest tiles of nearly equal size. Returns how many; tile i starts at <see cref="TileStart"/>.
    /// </summary>
    public static int TileCount(int count) => (count + TLanes.TilePixels - 1) / TLanes.TilePixels;

    /// <summary>First pixel of tile <paramref name="tile"/> of <paramref name="tiles"/> in a run of <paramref name="count"/>.</summary>
    public static int TileStart(int tile, int tiles, int count) => (int)((long)tile * count / tiles);
}
