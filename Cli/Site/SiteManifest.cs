using System.Text.Json.Serialization;
using Interp.Cli.Output;

namespace Interp.Cli.Site;

/// <summary>What a site shows, and its files: <c>manifest.json</c>, and what <c>site --json</c> prints.</summary>
internal sealed record SiteManifest : IResult
{
    public string Version { get; init; } = Manifest.ProgramVersion;

    /// <summary>A digest of everything that the pages depend on.</summary>
    public required string Settings { get; init; }

    public required string Model { get; init; }

    public required string ModelHash { get; init; }

    public required IReadOnlyDictionary<string, string> Options { get; init; }

    /// <summary>False where it was stopped, or a part of it failed.</summary>
    public required bool Complete { get; init; }

    public required IReadOnlyList<string> Remarks { get; init; }

    public required int Layers { get; init; }

    public required int Units { get; init; }

    public required int Classes { get; init; }

    public required int Pages { get; init; }

    /// <summary>Bytes of pages and images, the results that they were made of left out.</summary>
    public required long Bytes { get; init; }

    public required IReadOnlyList<string> Files { get; init; }

    public IReadOnlyDictionary<string, string> Sha256 { get; init; } = new Dictionary<string, string>();
}

/// <summary>Manifests of sites, and the data of their search.</summary>
[JsonSerializable(typeof(SiteManifest))]
[JsonSerializable(typeof(PicturesManifest))]
[JsonSerializable(typeof(IReadOnlyList<SearchEntry>))]
internal sealed partial class SiteJson : JsonSerializerContext
{
    internal static SiteJson Pretty { get; } = new(JsonStyle.Pretty());

    internal static SiteJson Strict { get; } = new(JsonStyle.Strict());

    internal static SiteJson Embedded { get; } = new(JsonStyle.Embedded());
}
