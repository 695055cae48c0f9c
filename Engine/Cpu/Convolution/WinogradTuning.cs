namespace Interp.Engine.Cpu.Convolution;

/// <summary>
/// How Winograd cuts its work, from the sizes of a layer, of the micro-kernel's tile and of the second-level cache. The numbers were chosen
/// by measurement and
/// affect speed only.
/// </summary>
/// <param name="Tiles">Tiles of all images.</param>
/// <param name="TilesOfPatch">Tiles that stay together.</param>
/// <param name="InputBlocks">Blocks of input channels.</param>
/// <param name="FilterBytes">Bytes of the transformed filters.</param>
/// <param name="TileRows">Rows of the micro-kernel's tile: chunks are multiples of it where they can be.</param>
internal readonly record struct WinogradTuning(int Tiles, int TilesOfPatch, int InputBlocks, long FilterBytes, int TileRows)
{
    /// <summary>Tasks of a point where work is cut by points, so that more than two threads share out the 36 points evenly.</summary>
    public const int PartsOfPoint = 2;

    /// <summary>A layer with no more tiles than this is cut by points.</summary>
    private const int FewTiles = 128;

    /// <summary>Most tiles of a chunk where work is cut by points.</summary>
    private const int ChunkByPoints = 128;

    /// <summary>Fewest and most tiles of a chunk where work is cut by tiles: a few rounds of the micro-kernel for each time the filters are
    /// read.</summary>
    private const int LeastByTiles = 12, MostByTiles = 56;

    /// <summary>A layer whose transformed filters take more bytes than this is cut by points: they would be read once for every
    /// chunk.</summary>
    private const long LargeFilters = 16L << 20;

    /// <summary>
    /// Bytes of transformed input of a chunk where work is cut by tiles. It is read again for every group of output channels, so it must
    /// stay in the second-level
    /// cache: filters too large for that cache are then read once for every chunk, but in one stream that is fetched ahead.
    /// </summary>
    private static readonly long s_cachedInput = Math.Min(520L << 10, Processor.SecondLevelCache / 2);

    /// <summary>Whether work is cut by points rather than by tiles.</summary>
    public bool ByPoints => Tiles <= FewTiles || FilterBytes > LargeFilters;

    /// <summary>Whether the next filters are fetched while the present ones are used.</summary>
    public bool FetchesAhead => FetchAhead.Pays(TileRows, FilterBytes);

    /// <summary>Tiles of a chunk, whole patches: the fewest equal chunks within the limit.</summary>
    public int Chunk
    {
        get
        {
            long tileBytes = (long)InputBlocks * Blocked.Lanes * WinogradTransform.Points * sizeof(float);
            long cached = Math.Clamp(s_cachedInput / tileBytes, LeastByTiles, MostByTiles);
            int limit = ByPoints ? ChunkByPoints : Math.Max(1, (int)cached / TileRows) * TileRows;
            int patches = Tiles / TilesOfPatch;
            int most = Math.Max(1, limit / TilesOfPatch);
            int chunks = (patches + most - 1) / most;
            return (patches + chunks - 1) / chunks * TilesOfPatch;
        }
    }
}
