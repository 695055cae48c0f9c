using System.Globalization;
using Interp.Engine.Imaging;

namespace Interp.Engine.Evidence;

/// <summary>The random sequences that metrics draw from: one each, so that measuring one metric more changes no other.</summary>
internal static class EvidenceStreams
{
    internal const ulong Ties = 0xE71D_0001_0000_0000;
    internal const ulong ImputationNoise = 0xE71D_0002_0000_0000;
    internal const ulong Sensitivity = 0xE71D_0003_0000_0000;
    internal const ulong Infidelity = 0xE71D_0004_0000_0000;
    internal const ulong Weights = 0xE71D_0005_0000_0000;
    internal const ulong OtherClass = 0xE71D_0006_0000_0000;
    internal const ulong RandomMap = 0xE71D_0007_0000_0000;
    internal const ulong RandomBlocks = 0xE71D_0008_0000_0000;
    internal const ulong Comparison = 0xE71D_0009_0000_0000;

    /// <summary>A part of a stream's number that belongs to an image: from its file's hash.</summary>
    internal static uint Of(NetworkInput input) =>
        uint.TryParse(input.FileHash.AsSpan(0, Math.Min(8, input.FileHash.Length)), NumberStyles.HexNumber, CultureInfo.InvariantCulture,
        out uint part)
        ? part
        : 0;
}
