using System.CommandLine;
using Interp.Engine.Attribution;

namespace Interp.Cli;

/// <summary>How much runs at once, and how much memory that may take.</summary>
internal static class MemoryFlags
{
    private static readonly ExplainerOptions s_standard = new();

    private static readonly Option<int?> s_batch = TypedOption.OptionalWhole(
        "--batch", "The most images that run at once [default: 8, 50 on a GPU]", 1, 1024);

    private static readonly Option<long> s_memory =
        TypedOption.Bytes("--max-memory", "The most memory beside the weights, such as 500M or 2G; batches shrink to fit", null);

    internal static IEnumerable<Option> All => [s_batch, s_memory];

    internal static ExplainerOptions Read(Invocation run)
    {
        long limit = run.Get(s_memory) is > 0 and var bytes ? bytes : s_standard.MemoryLimit;
        return run.Get(s_batch) is { } batch ? new() { Batch = batch, MemoryLimit = limit } : new() { MemoryLimit = limit };
    }
}
