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
    private const int ChunkByPoints = 126;

    /// <summary>Most tiles of a chunk where work is cut by tiles: four rounds of the micro-kernel for each time the filters are read.</summary>
    private const int ChunkByTiles = 56;

    /// <summary>Filters of no more bytes than this stay in the second-level cache, if the transformed input leaves them room.</summary>
    private const long CachedFilters = 5L << 19;

    /// <summary>Bytes of transformed input of a chunk beside such filters.</summary>
    private const long InputBesideFilters = 520L << 10;

    /// <summary>Whether work is cut by points rather than by tiles.</summary>
    public static bool ByPoints(int tiles, long filterBytes) => tiles <= FewTiles || filterBytes > LargeFilters;

    /// <summary>Tiles of a chunk: the fewest equal chunks within the limit.</summary>
    public static int Chunk(int tiles, long filterBytes, int inputBlocks)
    {
        int limit = ByPoints(tiles, filterBytes) ? ChunkByPoints : ChunkByTiles;
        if (limit == ChunkByTiles && filterBytes <= CachedFilters)
        {
            long tileBytes = (long)inputBlocks * Blocked.Lanes * WinogradTransform.Points * sizeof(float);
            limit = (int)Math.Clamp(InputBesideFilters / tileBytes, 14, limit);
        }

        int chunks = (tiles + limit - 1) / limit;
        return (tiles + chunks - 1) / chunks;
    }
}
