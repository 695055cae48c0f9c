using Interp.Cli.Output;

namespace Interp.Cli.Dissection;

/// <summary>What was dissected, how, and every file with its checksum: <c>manifest.json</c>.</summary>
internal sealed record DissectionManifest : IResult
{
    public string Version { get; init; } = Manifest.ProgramVersion;

    /// <summary>A digest of everything that the result depends on.</summary>
    public required string Settings { get; init; }

    public required string ModelHash { get; init; }

    public required DissectionSummary Summary { get; init; }

    /// <summary>Images that could not be used, a line each.</summary>
    public required IReadOnlyList<string> Failed { get; init; }

    public required int Threads { get; init; }

    public required string Backend { get; init; }

    public required string InstructionSet { get; init; }

    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>The SHA-256 of each of them.</summary>
    public IReadOnlyDictionary<string, string> Sha256 { get; init; } = new Dictionary<string, string>();
}
