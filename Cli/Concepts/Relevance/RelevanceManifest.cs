using System.Text.Json.Serialization;
using Interp.Cli.Output;
using Interp.Cli.Reporting;

namespace Interp.Cli.Concepts.Relevance;

/// <summary>Through which channels of a layer one decision passed: <c>manifest.json</c>.</summary>
internal sealed record RelevanceManifest : IResult
{
    public string Version { get; init; } = Manifest.ProgramVersion;

    public required string Settings { get; init; }

    public required string Model { get; init; }

    public required string ModelHash { get; init; }

    public required string Image { get; init; }

    public required string ImageHash { get; init; }

    public int? Part { get; init; }

    /// <summary>The class that was explained; null where it was a unit.</summary>
    public int? Class { get; init; }

    public string? Label { get; init; }

    public required string TargetDescription { get; init; }

    /// <summary>The target's value: what relevance starts from.</summary>
    public required double Score { get; init; }

    public required string Layer { get; init; }

    public required string Kind { get; init; }

    public required IReadOnlyList<int> Shape { get; init; }

    public required string Composite { get; init; }

    /// <summary>What of the score arrives at the layer, Σ_k R_k.</summary>
    public required double LayerRelevance { get; init; }

    /// <summary>Σ_k |R_k|, of which shares are taken.</summary>
    public required double AbsoluteRelevance { get; init; }

    /// <summary>Whether paths lead around the layer; what they carry is left out.</summary>
    public required bool PathsAround { get; init; }

    /// <summary>How far the conditional maps, with that of all other channels, are from adding up to that of the whole layer.</summary>
    public required double Residual { get; init; }

    /// <summary>Sum of the shares of the channels below.</summary>
    public required double TopShare { get; init; }

    /// <summary>What as many channels at random would carry on average.</summary>
    public required double ChanceShare { get; init; }

    /// <summary>The same photo explained for other classes; null where it was not a class.</summary>
    public OtherClassesLine? OtherClasses { get; init; }

    /// <summary>The photos it was compared with; null without.</summary>
    public PhotosLine? Photos { get; init; }

    public required IReadOnlyList<ChannelLine> Channels { get; init; }

    public required int Threads { get; init; }

    public required string Backend { get; init; }

    public required string InstructionSet { get; init; }

    public required string Convolution { get; init; }

    public required string Memory { get; init; }

    public required double TimeMs { get; init; }

    public IReadOnlyList<string> Files { get; init; } = [];

    public IReadOnlyDictionary<string, string> Sha256 { get; init; } = new Dictionary<string, string>();
}

/// <param name="Classes">Which classes.</param>
/// <param name="Overlap">Of the channels shown, how many are as far up for such a class, on average.</param>
/// <param name="Chance">How many would be at random.</param>
internal sealed record OtherClassesLine(IReadOnlyList<int> Classes, double Overlap, double Chance);

/// <param name="Count">Photos that could be read, the image itself left out.</param>
/// <param name="Same">Those of the same class by the network's own answer.</param>
/// <param name="Others">Those of other classes.</param>
/// <param name="SameOverlap">Of the channels shown, how many are as far up for a photo of the same class, on average; null without
/// one.</param>
/// <param name="OtherOverlap">The same of other classes.</param>
/// <param name="Chance">How many would be at random.</param>
internal sealed record PhotosLine(int Count, int Same, int Others, double? SameOverlap, double? OtherOverlap, double Chance);

/// <param name="Channel">The channel.</param>
/// <param name="Rank">From 1.</param>
/// <param name="Relevance">R_k.</param>
/// <param name="Share">R_k·sign(score) / Σ|R_k|.</param>
/// <param name="MapSum">What of it reaches the input, the sum of its conditional map; the rest went to biases and stabilisers.</param>
/// <param name="SamePhotos">Photos of the same class for which it is as far up.</param>
/// <param name="OtherPhotos">Photos of other classes.</param>
/// <param name="P">That it is so more often in the same class, Fisher's exact test.</param>
/// <param name="PCorrected">By Holm over the channels shown.</param>
/// <param name="Concept">What a dissection of the same model says that it stands for, or null.</param>
/// <param name="Heatmap">Its conditional map.</param>
/// <param name="Relevant">Photos for whose own class it was most relevant, by its share.</param>
/// <param name="Exciting">Photos that excite it most, by the largest activation.</param>
internal sealed record ChannelLine(
    int Channel, int Rank, double Relevance, double Share, double MapSum, int? SamePhotos, int? OtherPhotos, double? P, double? PCorrected,
    UnitLabel? Concept, string Heatmap, IReadOnlyList<ReferenceLine> Relevant,
    IReadOnlyList<ReferenceLine> Exciting);

/// <param name="Image">The photo.</param>
/// <param name="Part">Its place among several inputs of one file, or null.</param>
/// <param name="Label">Its own top class.</param>
/// <param name="Value">The channel's share of that decision, or its largest activation.</param>
/// <param name="Crop">What of the photo made the channel relevant for that class.</param>
internal sealed record ReferenceLine(string Image, int? Part, string Label, double Value, string Crop);

/// <summary>Results of <c>concepts relevance</c>.</summary>
[JsonSerializable(typeof(RelevanceManifest))]
[JsonSerializable(typeof(IReadOnlyList<RelevanceManifest>))]
internal sealed partial class RelevanceJson : JsonSerializerContext
{
    internal static RelevanceJson Pretty { get; } = new(JsonStyle.Pretty());

    internal static RelevanceJson Strict { get; } = new(JsonStyle.Strict());
}
