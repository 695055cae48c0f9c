using System.CommandLine;
using System.Globalization;
using Interp.Engine.Attribution;
using Interp.Engine.Common;

namespace Interp.Cli;

/// <summary>How much runs at once, and how much memory that may take.</summary>
internal static class MemoryFlags
{
    private static readonly ExplainerOptions s_standard = new();

    private static readonly Option<int> s_batch = TypedOption.Whole("--batch", "The most pictures that run at once", s_standard.Batch, 1, 1024);

    private static readonly Option<string> s_memory =
        TypedOption.Text("--max-memory", "The most memory that runs may hold beside the weights: 500M, 2G; batches shrink to fit", "BYTES");

    internal static IEnumerable<Option> All => [s_batch, s_memory];

    internal static ExplainerOptions Read(Invocation run) => new()
    {
        Batch = run.Get(s_batch),
        MemoryLimit = run.Get(s_memory) is { } text ? Bytes(text) : s_standard.MemoryLimit,
    };

    /// <summary>A number of bytes, with K, M or G for powers of 1024.</summary>
    private static long Bytes(string text)
    {
        int shift = 10 * (1 + "KMG".IndexOf(char.ToUpperInvariant(text.LastOrDefault()), StringComparison.Ordinal));
        string digits = shift > 0 ? text[..^1] : text;
        return double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && number > 0 && number * (1L << shift) < 1L << 50
            ? (long)(number * (1L << shift))
            : throw new InputException($"--max-memory '{text}': expected a number of bytes such as 500M or 2G");
    }
}
