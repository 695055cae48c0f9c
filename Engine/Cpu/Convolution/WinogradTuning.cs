namespace Interp.Engine.Cpu.Convolution;

/// <summary>The numbers that decide how Winograd cuts its work. They were chosen by measurement and affect speed only.</summary>
internal static class WinogradTuning
{
    /// <summary>A layer with no more tiles than this is cut by output channels.</summary>
    public const int FewTiles = 128;

    /// <summary>A layer whose transformed filters take more bytes than this is cut by output channels: they would be read once for every chunk.</summary>
    public const long LargeFilters = 16L << 20;

    /// <summary>Most tiles of a chunk where work is cut by output channels.</summary>
    public const int ChunkByChannels = 126;

    /// <summary>Most tiles of a chunk where work is cut by tiles: four rounds of the micro-kernel for each time the filters are read.</summary>
    public const int ChunkByTiles = 56;
}
