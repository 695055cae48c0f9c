using Interp.Cli.Output;
using Interp.Cli.Reporting;
using Interp.Engine.Backends;
using Interp.Engine.Examples;
using Interp.Engine.Graph;

namespace Interp.Cli.Examples;

/// <summary>Everything that <c>top-images</c> found, and what is needed to find it again: <c>manifest.json</c>.</summary>
internal sealed record TopImagesManifest : IResult
{
    public string Version { get; init; } = Manifest.ProgramVersion;

    /// <summary>A digest of everything that the result depends on, the images by path, size and time.</summary>
    public required string Settings { get; init; }

    public required string Model { get; init; }

    public required string ModelHash { get; init; }

    public required string Layer { get; init; }

    public required string Kind { get; init; }

    /// <summary>Shape of the layer's output for one image of the network's own size.</summary>
    public required IReadOnlyList<int> Shape { get; init; }

    public required FieldLine ReceptiveField { get; init; }

    public required string Rank { get; init; }

    /// <summary>How many images were asked for at either end.</summary>
    public required int Count { get; init; }

    /// <summary>Files that were found.</summary>
    public required int Listed { get; init; }

    /// <summary>Images that were looked at.</summary>
    public required long Images { get; init; }

    /// <summary>Files that could not be read.</summary>
    public required int Skipped { get; init; }

    /// <summary>False where the search was stopped: everything is about the images seen until then.</summary>
    public required bool Complete { get; init; }

    public required int Threads { get; init; }

    public required string Backend { get; init; }

    public required string InstructionSet { get; init; }

    public required string Convolution { get; init; }

    public required string Memory { get; init; }

    /// <summary>A digest of the dissection whose labels the units bear, or null.</summary>
    public string? Labelled { get; init; }

    public IReadOnlyList<UnitLine> Units { get; init; } = [];

    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>The SHA-256 of each of them.</summary>
    public IReadOnlyDictionary<string, string> Sha256 { get; init; } = new Dictionary<string, string>();

    /// <summary>The same with the units' labels.</summary>
    internal TopImagesManifest With(UnitLabels? labels) =>
        this with { Labelled = labels?.Digest, Units = [.. Units.Select(u => u with { Label = labels?.Of(u.Channel) })] };

    internal static TopImagesManifest Of(Invocation run, Network network, IBackend backend, UnitChoice choice, InputList inputs,
        ExampleProgress progress, string settings, bool complete) => new()
    {
        Settings = settings,
        Model = network.Name,
        ModelHash = network.Hash,
        Layer = choice.Layer.Name,
        Kind = choice.Layer.Layer.Kind,
        Shape = choice.Shape.Dims,
        ReceptiveField = FieldLine.Of(
        Engine.Examples.ReceptiveField.Of(network, choice.Layer, network.Preprocessing.Height, network.Preprocessing.Width)),
        Rank = choice.Rank.ToString().ToLowerInvariant(),
        Count = choice.Count,
        Listed = inputs.Files.Count,
        Images = progress.Images,
        Skipped = complete ? inputs.Files.Count - progress.FilesRead : progress.Skipped,
        Complete = complete,
        Threads = backend.Info.Threads,
        Backend = backend.Info.Name,
        InstructionSet = backend.Info.InstructionSet,
        Convolution = run.Get(SharedOptions.Convolution),
        Memory = run.Get(SharedOptions.Memory),
    };

    /// <summary>A digest of what the examples depend on: network, layer, channels, images by path, size and time, and how it all
    /// runs.</summary>
    internal static string SettingsOf(Invocation run, Network network, IBackend backend, UnitChoice choice, InputList inputs,
        params IEnumerable<string> more) => SettingsHash.Of(
    [
        network.Name, network.Hash, choice.Layer.Name, string.Join(',', choice.Channels), $"{choice.Count}", $"{choice.Rank}",
        .. SettingsHash.Engine(run, backend.Info), .. more,
        .. inputs.Files.Select(SettingsHash.OfFile),
    ]);
}
