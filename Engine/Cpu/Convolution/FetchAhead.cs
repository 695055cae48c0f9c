namespace Interp.Engine.Cpu.Convolution;

/// <summary>
/// The weights that a micro-kernel fetches into the second-level cache while it computes a tile, two lines a step: large filters come from memory or the
/// third-level cache, and only if they come during all tiles is the way there never idle. There are two runs of lines because the processor's own prefetcher works
/// page by page and then follows both.
/// </summary>
internal readonly unsafe struct FetchAhead(float* first, nint apart, nint step)
{
    /// <summary>How far ahead one stream of weights is fetched, in floats.</summary>
    private const int Distance = 2048;

    /// <summary>Where the first run starts.</summary>
    public readonly float* First = first;

    /// <summary>Floats from there to where the second starts.</summary>
    public readonly nint Apart = apart;

    /// <summary>Floats that both go on at a step.</summary>
    public readonly nint Step = step;

    /// <summary>What follows the tile's own weights.</summary>
    /// <param name="weights">The tile's weights.</param>
    /// <param name="width">Weights of a step.</param>
    public static FetchAhead Following(float* weights, int width) => new(weights + Distance, width / 2, width);

    /// <summary>A tile's part of the weights that come next, when several tiles use the present ones.</summary>
    /// <param name="next">The weights that come next.</param>
    /// <param name="count">How many.</param>
    /// <param name="part">The tile's number.</param>
    /// <param name="parts">Tiles that share the work.</param>
    /// <param name="width">Weights of a step.</param>
    public static FetchAhead Share(float* next, long count, int part, int parts, int width) =>
        new(next + part * count / parts, (nint)(count / (2 * parts)), (width + 2 * parts - 1) / (2 * parts));
}
