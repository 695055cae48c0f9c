namespace Interp.Engine.LabelSets.Patterns;

/// <summary>The random sequences that generated images draw from; an image adds its place to the number of its own.</summary>
internal static class PatternStreams
{
    internal const ulong Scene = 0x9A77_0001_0000_0000;
    internal const ulong Grain = 0x9A77_0002_0000_0000;
    internal const ulong Deck = 0x9A77_0003_0000_0000;
    internal const ulong Noise = 0x9A77_0004_0000_0000;
    internal const ulong FullFrame = 0x9A77_0005_0000_0000;
    internal const ulong Specks = 0x9A77_0006_0000_0000;
    internal const ulong FullFrameGrain = 0x9A77_0007_0000_0000;
    internal const ulong NoiseGrain = 0x9A77_0008_0000_0000;
}
