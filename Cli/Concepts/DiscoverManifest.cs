using System.Text.Json.Serialization;
using Interp.Cli.Output;
using Interp.Engine.Concepts.Discovery;

namespace Interp.Cli.Concepts;

/// <summary>Everything that <c>concepts discover</c> found, and what is needed to find it again: <c>manifest.json</c>.</summary>
internal sealed record DiscoverManifest : IResult
{
    public string Version { get; init; } = Manifest.ProgramVersion;

    /// <summary>A digest of everything that the result depends on, the images by path, size and time.</summary>
    public required string Settings { get; init; }

    public required string Model { get; init; }

    public required string ModelHash { get; init; }

    public required string Layer { get; init; }

    public required string Kind { get; init; }

    /// <summary>Shape of the layer's output for one image.</summary>
    public required IReadOnlyList<int> Shape { get; init; }

    public required int Class { get; init; }

    public required string Label { get; init; }

    public required int Patch { get; init; }

    public required int Crops { get; init; }

    public required int Samples { get; init; }

    public required int RandomSets { get; init; }

    public required int RandomOrders { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>The images that were used, with the place in the file where it holds several.</summary>
    public required IReadOnlyList<string> Images { get; init; }

    /// <summary>Files that could not be read.</summary>
    public required int Skipped { get; init; }

    public required IReadOnlyList<DiscoveredLine> Concepts { get; init; }

    /// <summary>Importance of random directions, the largest first.</summary>
    public required IReadOnlyList<double> RandomImportance { get; init; }

    public required ConceptFidelity Fidelity { get; init; }

    public required ConceptStability Stability { get; init; }

    public required IReadOnlyList<CurveLine> Curves { get; init; }

    public required IReadOnlyList<string> Warnings { get; init; }

    public required long TailRuns { get; init; }

    public required double Seconds { get; init; }

    public required string Backend { get; init; }

    public required string InstructionSet { get; init; }

    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>The SHA-256 of each of them.</summary>
    public IReadOnlyDictionary<string, string> Sha256 { get; init; } = new Dictionary<string, string>();
}

/// <summary>One concept.</summary>
/// <param name="Concept">Its number, 1 for the most important: the row of <c>components.npy</c>, counted from 1.</param>
/// <param name="Importance">S_T.</param>
/// <param name="Low">The lower end of its interval.</param>
/// <param name="High">The upper end.</param>
/// <param name="P">Against random directions.</param>
/// <param name="Effect">What the logit loses without it.</param>
/// <param name="EffectLow">The lower end of its interval.</param>
/// <param name="EffectHigh">The upper end.</param>
/// <param name="Share">Its part of all crops.</param>
/// <param name="Stability">Mean cosine with its match in half of the images.</param>
/// <param name="Sheet">The file that shows it.</param>
/// <param name="Crops">The crops that have most of it.</param>
internal sealed record DiscoveredLine(
    int Concept, double Importance, double Low, double High, double P, double Effect, double EffectLow, double EffectHigh, double Share,
    double Stability, string Sheet, IReadOnlyList<CropLine> Crops)
{
    internal static DiscoveredLine Of(DiscoveredConcept c, int place, IReadOnlyList<string> images) => new(
        place + 1, c.Importance, c.Low, c.High, c.P, c.Effect, c.EffectLow, c.EffectHigh, c.Share, c.Stability,
        $"concept-{place + 1}.png",
        [.. c.Crops.Select(k => new CropLine(images[k.Image], [k.Box.Left, k.Box.Top, k.Box.Right, k.Box.Bottom], k.Strength))]);
}

/// <param name="Image">The image.</param>
/// <param name="Box">In the network's input: left, top, and the column and row behind the last.</param>
/// <param name="Strength">How much of the concept it has.</param>
internal sealed record CropLine(string Image, IReadOnlyList<int> Box, double Strength);

/// <summary>Deletion or insertion in an order, beside random ones.</summary>
internal sealed record CurveLine(
    string Order, string Curve, string Measure, double Gain, double Low, double High, IReadOnlyList<double> Values,
    IReadOnlyList<double> Random)
{
    internal static CurveLine Of(ConceptCurve c) => new(c.Order, c.Curve, c.Measure, c.Gain, c.Low, c.High, c.Values, c.Random);
}

/// <summary>Manifests of concept discovery.</summary>
[JsonSerializable(typeof(DiscoverManifest))]
internal sealed partial class DiscoverJson : JsonSerializerContext
{
    internal static DiscoverJson Pretty { get; } = new(JsonStyle.Pretty());

    internal static DiscoverJson Strict { get; } = new(JsonStyle.Strict());
}
