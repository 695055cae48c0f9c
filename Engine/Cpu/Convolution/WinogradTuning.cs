namespace Interp.Engine.Cpu.Convolution;

/// <summary>The numbers that decide how Winograd cuts its work; chosen by measurement, they affect speed only.</summary>
internal static class WinogradTuning
{
    /// <summary>A layer with no more tiles than this is cut by output channels.</summary>
    public static int FewTiles { get; set; } = 128;

    /// <summary>A layer whose transformed filters take more bytes than this is cut by output channels.</summary>
    public static long LargeFilters { get; set; } = 4L << 20;

    /// <summary>Most tiles of a chunk where work is cut by output channels.</summary>
    public static int ChunkByChannels { get; set; } = 126;

    /// <summary>Most tiles of a chunk where work is cut by tiles.</summary>
    public static int ChunkByTiles { get; set; } = 28;
}
