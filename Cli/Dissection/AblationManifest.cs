using Interp.Cli.Output;
using Interp.Engine.Dissection;

namespace Interp.Cli.Dissection;

/// <summary>A class without its most important units.</summary>
internal sealed record AblationLine(
    int Class, string Label, int Photos, double Intact, IReadOnlyList<int> Units, IReadOnlyList<AblationStep> Steps);

/// <summary>What was taken away from which classes, and every file with its checksum: <c>ablation/manifest.json</c>.</summary>
internal sealed record AblationManifest : IResult
{
    public string Version { get; init; } = Manifest.ProgramVersion;

    public required string Settings { get; init; }

    public required string Model { get; init; }

    public required string ModelHash { get; init; }

    public required string Layer { get; init; }

    /// <summary>The classes; of the units the 64 most important ones.</summary>
    public required IReadOnlyList<AblationLine> Classes { get; init; }

    public required IReadOnlyList<string> Files { get; init; }

    public IReadOnlyDictionary<string, string> Sha256 { get; init; } = new Dictionary<string, string>();
}
