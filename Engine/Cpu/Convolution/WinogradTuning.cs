namespace Interp.Engine.Cpu.Convolution;

/// <summary>The numbers that decide how Winograd cuts its work. They were chosen by measurement and affect speed only.</summary>
internal static class WinogradTuning
{
    /// <summary>Tasks of a point where work is cut by points, so that more than two threads share out the 36 points evenly.</summary>
    public const int PartsOfPoint = 2;

    /// <summary>A layer with no more tiles than this is cut by points.</summary>
    private const int FewTiles = 128;

    /// <summary>A layer whose transformed filters take more bytes than this is cut by points: they would be read once for every chunk.</summary>
    private const long LargeFilters = 16L << 20;

    /// <summary>Most tiles of a chunk where work is cut by points.</summary>
    private const int ChunkByPoints = 128;

    /// <summary>Fewest and most tiles of a chunk where work is cut by tiles: one to four rounds of the micro-kernel for each time the filters are read.</summary>
    private const int LeastByTiles = 14, MostByTiles = 56;

    /// <summary>
    /// Bytes of transformed input of a chunk where work is cut by tiles. It is read again for every group of output channels, so it must stay in the second-level
    /// cache: filters too large for that cache are then read once for every chunk, but in one stream that is fetched ahead.
    /// </summary>
    private const long CachedInput = 520L << 10;

    /// <summary>Whether work is cut by points rather than by tiles.</summary>
    public static bool ByPoints(int tiles, long filterBytes) => tiles <= FewTiles || filterBytes > LargeFilters;

    /// <summary>Tiles of a chunk, whole patches: the fewest equal chunks within the limit.</summary>
    public static int Chunk(int tiles, long filterBytes, int inputBlocks, int tilesOfPatch)
    {
        long tileBytes = (long)inputBlocks * Blocked.Lanes * WinogradTransform.Points * sizeof(float);
        int limit = ByPoints(tiles, filterBytes) ? ChunkByPoints : (int)Math.Clamp(CachedInput / tileBytes, LeastByTiles, MostByTiles);
        int patches = tiles / tilesOfPatch;
        int most = Math.Max(1, limit / tilesOfPatch);
        int chunks = (patches + most - 1) / most;
        return (patches + chunks - 1) / chunks * tilesOfPatch;
    }
}
