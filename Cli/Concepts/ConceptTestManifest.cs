using System.Text.Json;
using System.Text.Json.Serialization;
using Interp.Cli.Output;
using Interp.Engine.Backends;
using Interp.Engine.Concepts;
using Interp.Engine.Graph;

namespace Interp.Cli.Concepts;

/// <summary>Everything that <c>concepts test</c> found at a layer, and what is needed to find it again: <c>manifest.json</c>.</summary>
internal sealed record ConceptTestManifest : IResult
{
    public string Version { get; init; } = Manifest.ProgramVersion;

    /// <summary>A digest of everything that the result depends on, the images by path, size and time.</summary>
    public required string Settings { get; init; }

    public required string Model { get; init; }

    public required string ModelHash { get; init; }

    public required string Layer { get; init; }

    public required string Kind { get; init; }

    public required IReadOnlyList<int> Shape { get; init; }

    public required int Features { get; init; }

    /// <summary><c>none</c>, <c>mean</c> or <c>max</c>.</summary>
    public required string Pool { get; init; }

    /// <summary>How directions are found.</summary>
    public required string Cav { get; init; }

    public required double Alpha { get; init; }

    public required int Runs { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>Whether concepts are told apart from each other.</summary>
    public required bool Relative { get; init; }

    /// <summary><c>logit</c> or <c>probability</c>.</summary>
    public required string Target { get; init; }

    /// <summary>What p is about: <c>score</c> or <c>sensitivity</c>.</summary>
    public required string Statistic { get; init; }

    /// <summary>Where the concepts came from.</summary>
    public required string ConceptSource { get; init; }

    public required IReadOnlyList<ConceptLine> Concepts { get; init; }

    public required string RandomSource { get; init; }

    public required int RandomImages { get; init; }

    public required int RandomConcepts { get; init; }

    /// <summary>What the corrected p-values are corrected for.</summary>
    public required string Correction { get; init; }

    public required IReadOnlyList<ClassLine> Classes { get; init; }

    /// <summary>Held-out random concepts that are called significant at 0.05.</summary>
    public required RateLine? FalsePositives { get; init; }

    /// <summary>The same by the customary t-test.</summary>
    public required RateLine? WelchFalsePositives { get; init; }

    public required double RandomAccuracy { get; init; }

    public required double RandomCosine { get; init; }

    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>What was assumed.</summary>
    public required IReadOnlyList<string> Remarks { get; init; }

    /// <summary>Files that could not be read.</summary>
    public required int Skipped { get; init; }

    public required int Threads { get; init; }

    public required string Backend { get; init; }

    public required string InstructionSet { get; init; }

    public required string Convolution { get; init; }

    public required string Memory { get; init; }

    public required double Seconds { get; init; }

    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>The SHA-256 of each of them.</summary>
    public IReadOnlyDictionary<string, string> Sha256 { get; init; } = new Dictionary<string, string>();

    internal static ConceptTestManifest Of(
        Invocation run, Network network, BackendInfo backend, ConceptTestResult result, ConceptTestOptions options, ConceptSources sources,
        string settings, int skipped, TimeSpan time) => new()
    {
        Settings = settings,
        Model = network.Name,
        ModelHash = network.Hash,
        Layer = result.Layer.Name,
        Kind = result.Layer.Layer.Kind,
        Shape = result.Shape.Dims,
        Features = result.Features,
        Pool = options.Pool.Name,
        Cav = options.Vector.Name,
        Alpha = options.Alpha,
        Runs = options.Runs,
        Seed = options.Seed,
        Relative = options.Relative,
        Target = options.Probability ? "probability" : "logit",
        Statistic = options.Statistic.ToString().ToLowerInvariant(),
        ConceptSource = run.Get(ConceptTestFlags.Concepts),
        Concepts = [.. result.Concepts.Select(ConceptLine.Of)],
        RandomSource = sources.RandomSource,
        RandomImages = result.RandomImages,
        RandomConcepts = result.RandomConcepts,
        Correction = $"Holm over {Counted(result.Tests, "test")}: {Counted(result.Concepts.Length, "concept")} x "
            + $"{(result.Classes.Length == 1 ? "1 class" : $"{result.Classes.Length} classes")} of this layer",
        Classes = [.. result.Classes.Select(ClassLine.Of)],
        FalsePositives = RateLine.From(result.FalsePositives),
        WelchFalsePositives = RateLine.From(result.WelchFalsePositives),
        RandomAccuracy = result.RandomAccuracy,
        RandomCosine = result.RandomCosine,
        Warnings = [.. result.Warnings.Select(OptionWords.OnCommandLine)],
        Remarks = sources.Remarks,
        Skipped = skipped,
        Threads = backend.Threads,
        Backend = backend.Name,
        InstructionSet = backend.InstructionSet,
        Convolution = run.Get(SharedOptions.Convolution),
        Memory = run.Get(SharedOptions.Memory),
        Seconds = Math.Round(time.TotalSeconds, 1),
    };

    private static string Counted(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";
}

/// <summary>A concept's direction.</summary>
internal sealed record ConceptLine(
    string Concept, int Images, RateLine Accuracy, double ConceptAccuracy, double OthersAccuracy, double Cosine)
{
    internal static ConceptLine Of(ConceptVector v) =>
        new(v.Concept, v.Images, RateLine.From(v.Accuracy)!, v.ConceptAccuracy, v.OthersAccuracy, v.Cosine);
}

/// <summary>A class and how it depends on each concept.</summary>
internal sealed record ClassLine(
    int Class, string Label, int Images, int Recognised, double Extreme, double RandomRunMean, double RandomRunDeviation,
    IReadOnlyList<ScoreLine> Scores)
{
    internal static ClassLine Of(ClassConcepts c) => new(
        c.Class, c.Label, c.Images.Length, c.Recognised, c.Extreme, c.RandomRunMean, c.RandomRunDeviation,
        [.. c.Scores.Select(ScoreLine.Of)]);
}

/// <summary>One test.</summary>
internal sealed record ScoreLine(
    string Concept, double Score, double Deviation, double RandomMean, double RandomDeviation, double RandomLow, double RandomHigh,
    double Sensitivity, double Effect, double P, double PCorrected, string Stars, double PScore, double PSensitivity, double WelchT,
    double WelchDf, double WelchP, double WelchCorrected, string WelchStars)
{
    internal static ScoreLine Of(ConceptScore s) => new(
        s.Concept, s.Score, s.Deviation, s.RandomMean, s.RandomDeviation, s.RandomRange.Low, s.RandomRange.High, s.Sensitivity, s.Effect,
        s.P, s.PCorrected, s.Stars, s.PScore, s.PSensitivity, s.Welch.T, s.Welch.DegreesOfFreedom, s.Welch.P, s.WelchCorrected,
        s.WelchStars);
}

/// <summary>Manifests of concept tests.</summary>
[JsonSerializable(typeof(ConceptTestManifest))]
[JsonSerializable(typeof(IReadOnlyList<ConceptTestManifest>))]
internal sealed partial class ConceptTestJson : JsonSerializerContext
{
    internal static ConceptTestJson Pretty { get; } = new(JsonStyle.Pretty());

    internal static ConceptTestJson Strict { get; } = new(JsonStyle.Strict());
}
