using System.CommandLine;
using Interp.Engine.Attribution;

namespace Interp.Cli;

/// <summary>How much runs at once, and how much memory that may take.</summary>
internal static class MemoryFlags
{
    private static readonly ExplainerOptions s_standard = new();

    private static readonly Option<int> s_batch = TypedOption.Whole(
        "--batch", "The most images that run at once", s_standard.Batch, 1, 1024);

    private static readonly Option<long> s_memory =
        TypedOption.Bytes("--max-memory", "The most memory beside the weights, such as 500M or 2G; batches shrink to fit", null);

    internal static IEnumerable<Option> All => [s_batch, s_memory];

    internal static ExplainerOptions Read(Invocation run) => new()
    {
        Batch = run.Get(s_batch),
        MemoryLimit = run.Get(s_memory) is > 0 and var bytes ? bytes : s_standard.MemoryLimit,
    };
}
