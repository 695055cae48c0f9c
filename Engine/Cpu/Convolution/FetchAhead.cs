namespace Interp.Engine.Cpu.Convolution;

/// <summary>
/// The weights that a micro-kernel fetches into the second-level cache while it computes a tile, some lines every few steps: large filters
/// come from memory or the
/// third-level cache, and only if they come during all tiles is the way there never idle. There are two runs of lines because the
/// processor's own prefetcher works
/// page by page and then follows both. The default fetches nothing.
/// </summary>
internal readonly unsafe struct FetchAhead(float* first, nint apart, int pairs, nint step)
{
    /// <summary>Steps of a micro-kernel between two times that it fetches.</summary>
    public const int Steps = 4;

    /// <summary>A tile of fewer rows has no loads to spare.</summary>
    private const int RowsToSpare = 12;

    /// <summary>Bytes of filters that a core finds nearer than where fetching ahead pays in any case.</summary>
    private const long NearFilters = 4L << 20;

    /// <summary>How far ahead one stream of weights is fetched, in floats.</summary>
    private const int Distance = 2048;

    /// <summary>Where the first run starts.</summary>
    public readonly float* First = first;

    /// <summary>Floats from there to where the second starts.</summary>
    public readonly nint Apart = apart;

    /// <summary>Lines of each run that are fetched every <see cref="Steps"/> steps.</summary>
    public readonly int Pairs = pairs;

    /// <summary>Floats that both go on each time.</summary>
    public readonly nint Step = step;

    /// <summary>The next tile's part.</summary>
    public FetchAhead Next => new(First + 2 * Apart, Apart, Pairs, Step);

    /// <summary>Whether fetching ahead pays for micro-kernel tiles of so many rows over filters of so many bytes.</summary>
    public static bool Pays(int rows, long filterBytes) => rows >= RowsToSpare || filterBytes > NearFilters;

    /// <summary>What follows the tile's own weights.</summary>
    /// <param name="weights">The tile's weights.</param>
    /// <param name="width">Weights of a step.</param>
    public static FetchAhead Following(float* weights, int width) =>
        new(weights + Distance, Blocked.Lanes, Steps * width / (2 * Blocked.Lanes), 2 * Blocked.Lanes);

    /// <summary>The first tile's part of the weights that come next, when several tiles use the present ones; <see cref="Next"/> is the
    /// second's.</summary>
    /// <param name="next">The weights that come next.</param>
    /// <param name="count">How many.</param>
    /// <param name="steps">Steps of a tile.</param>
    /// <param name="tiles">Tiles that share the work.</param>
    public static FetchAhead Share(float* next, int count, int steps, int tiles)
    {
        int apart = (count + 2 * tiles - 1) / (2 * tiles);
        int floats = (Steps * apart + steps - 1) / steps; // of each run every time
        int pairs = (floats + Blocked.Lanes - 1) / Blocked.Lanes;
        return new(next, apart, pairs, (floats + pairs - 1) / pairs);
    }
}
