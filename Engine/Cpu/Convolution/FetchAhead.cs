namespace Interp.Engine.Cpu.Convolution;

/// <summary>
/// The weights that a micro-kernel fetches into the second-level cache while it computes a tile, some lines every few steps: large filters come from memory or the
/// third-level cache, and only if they come during all tiles is the way there never idle. There are two runs of lines because the processor's own prefetcher works
/// page by page and then follows both. The default fetches nothing.
/// </summary>
internal readonly unsafe struct FetchAhead(float* first, nint apart, int pairs, nint step)
{
    /// <summary>Steps of a micro-kernel between two times that it fetches.</summary>
    public const int Steps = 4;

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

    /// <summary>What follows the tile's own weights.</summary>
    /// <param name="weights">The tile's weights.</param>
    /// <param name="width">Weights of a step.</param>
    public static FetchAhead Following(float* weights, int width) =>
        new(weights + Distance, Blocked.Lanes, Steps * width / (2 * Blocked.Lanes), 2 * Blocked.Lanes);

    /// <summary>A tile's part of the weights that come next, when several tiles use the present ones.</summary>
    /// <param name="next">The weights that come next.</param>
    /// <param name="count">How many.</param>
    /// <param name="steps">Steps of a tile.</param>
    /// <param name="part">The tile's number.</param>
    /// <param name="parts">Tiles that share the work.</param>
    public static FetchAhead Share(float* next, long count, int steps, int part, int parts)
    {
        long floats = (Steps * count + 2L * steps * parts - 1) / (2L * steps * parts); // of each run every time
        int pairs = (int)((floats + Blocked.Lanes - 1) / Blocked.Lanes);
        return new(next + part * count / parts, (nint)(count / (2 * parts)), pairs, (nint)((floats + pairs - 1) / pairs));
    }
}
