namespace Interp.Engine.Concepts.Discovery;

/// <summary>The random sequences of concept discovery: one for each purpose, so that more of one changes no other.</summary>
internal static class DiscoveryStreams
{
    internal const ulong Halves = 0xD15C_0001_0000_0000;
    internal const ulong Shuffled = 0xD15C_0002_0000_0000;
    internal const ulong RandomDirections = 0xD15C_0003_0000_0000;
    internal const ulong Masks = 0xD15C_0004_0000_0000;
    internal const ulong Orders = 0xD15C_0005_0000_0000;
    internal const ulong Intervals = 0xD15C_0006_0000_0000;
}
