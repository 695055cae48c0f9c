using Interp.Engine.Cpu.Lanes;

namespace Interp.Engine.Cpu.Convolution;

/// <summary>The micro-kernels of one width of register, by number of pixels.</summary>
internal static unsafe class MicroKernels<TLanes> where TLanes : unmanaged, ILanes<TLanes>
{
    private static readonly delegate*<float*, int*, int, int, float*, float*, float*, float*, void>[] s_byRows =
    [
        &MicroKernel<TLanes, Rows1>.Run,
        &MicroKernel<TLanes, Rows2>.Run,
        &MicroKernel<TLanes, Rows3>.Run,
        &MicroKernel<TLanes, Rows4>.Run,
        &MicroKernel<TLanes, Rows5>.Run,
        &MicroKernel<TLanes, Rows6>.Run,
        &MicroKernel<TLanes, Rows7>.Run,
        &MicroKernel<TLanes, Rows8>.Run,
        &MicroKernel<TLanes, Rows9>.Run,
        &MicroKernel<TLanes, Rows10>.Run,
        &MicroKernel<TLanes, Rows11>.Run,
        &MicroKernel<TLanes, Rows12>.Run,
        &MicroKernel<TLanes, Rows13>.Run,
        &MicroKernel<TLanes, Rows14>.Run,
    ];

    /// <summary>The micro-kernel for a tile of <paramref name="rows"/> pixels, at most <c>TLanes.TilePixels</c>.</summary>
    public static delegate*<float*, int*, int, int, float*, float*, float*, float*, void> ForRows(int rows) => s_byRows[rows - 1];

    /// <summary>
    /// Cuts a run of <paramref name="count"/> pixels into the fewest tiles of nearly equal size. Returns how many; tile i starts at <see cref="TileStart"/>.
    /// </summary>
    public static int TileCount(int count) => (count + TLanes.TilePixels - 1) / TLanes.TilePixels;

    /// <summary>First pixel of tile <paramref name="tile"/> of <paramref name="tiles"/> in a run of <paramref name="count"/>.</summary>
    public static int TileStart(int tile, int tiles, int count) => (int)((long)tile * count / tiles);
}
