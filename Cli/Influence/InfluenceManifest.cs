using System.Text.Json.Serialization;
using Interp.Cli.Output;
using Interp.Cli.Training;

namespace Interp.Cli.Influence;

/// <summary>What <c>influence</c> found of all its images: <c>manifest.json</c>.</summary>
internal sealed record InfluenceManifest : IResult
{
    public string Version { get; init; } = Manifest.ProgramVersion;

    public required string Settings { get; init; }

    public required string Model { get; init; }

    public required string ModelHash { get; init; }

    public required HeadLine Head { get; init; }

    /// <summary>Whether all images are there; not so where the run was stopped.</summary>
    public required bool Complete { get; init; }

    public required IReadOnlyList<QuestionManifest> Questions { get; init; }

    public IReadOnlyList<string> Files { get; init; } = [];

    public IReadOnlyDictionary<string, string> Sha256 { get; init; } = new Dictionary<string, string>();
}

/// <summary>The head whose training images are asked about.</summary>
/// <param name="Train">The folder of the training images.</param>
/// <param name="Layer">The layer whose features it reads.</param>
/// <param name="Features">How many there are.</param>
/// <param name="Classes">Classes.</param>
/// <param name="Images">Training images.</param>
/// <param name="Skipped">Files that could not be read.</param>
/// <param name="L2">λ of (λ/2)‖W‖² beside the mean loss; the bias is penalised too.</param>
/// <param name="L2Tried">How many values of λ were tried on held-out images.</param>
/// <param name="Validation">The share of the images that was held out for that.</param>
/// <param name="GradientNorm">‖∇L‖ at the optimum.</param>
/// <param name="HeldOut">How a head that was trained without the held-out images does on them, or null.</param>
/// <param name="Agreement">How far such a head speaks for the network, or null.</param>
internal sealed record HeadLine(
    string Train, string Layer, int Features, int Classes, int Images, int Skipped, double L2, int L2Tried, double Validation,
    double GradientNorm, AccuracyLine? HeldOut, AgreementLine? Agreement);

/// <summary>What was found of one image: <c>manifest.json</c> of its folder.</summary>
internal sealed record QuestionManifest : IResult
{
    public string Version { get; init; } = Manifest.ProgramVersion;

    public required string Settings { get; init; }

    public required string Model { get; init; }

    public required string ModelHash { get; init; }

    public required string Layer { get; init; }

    public required string Train { get; init; }

    public required int TrainingImages { get; init; }

    public required string Image { get; init; }

    /// <summary>Its place among several inputs of one file, if there are several.</summary>
    public int? Part { get; init; }

    public required string ImageHash { get; init; }

    /// <summary>Its folder below the output, which has the images of the page.</summary>
    public required string Folder { get; init; }

    /// <summary>The class that was asked about, its place among the training folders.</summary>
    public required int Class { get; init; }

    public required string Label { get; init; }

    /// <summary>Why that one: <c>network</c> says so, <c>head</c> does, or <c>option</c>.</summary>
    public required string ChosenBy { get; init; }

    /// <summary>What the network says, or null where it has no classes.</summary>
    public required AnswerLine? Network { get; init; }

    /// <summary>What the head says.</summary>
    public required AnswerLine Head { get; init; }

    /// <summary>The head's probability of the class that was asked about.</summary>
    public required double Probability { get; init; }

    /// <summary>−log of it.</summary>
    public required double Loss { get; init; }

    /// <summary>Training images with the very same content.</summary>
    public required IReadOnlyList<string> SameImages { get; init; }

    /// <summary>Those whose removal makes the loss rise most, by the first-order estimate.</summary>
    public required IReadOnlyList<InfluenceLine> Helpful { get; init; }

    /// <summary>Those whose removal makes it fall most, the most harmful first.</summary>
    public required IReadOnlyList<InfluenceLine> Harmful { get; init; }

    /// <summary>Random others that were retrained without.</summary>
    public required IReadOnlyList<InfluenceLine> Random { get; init; }

    /// <summary>The largest ‖b − H x‖ / ‖b‖ left in solving for the estimates.</summary>
    public required double Residual { get; init; }

    /// <summary>How estimates and truth go together; none where nothing was retrained.</summary>
    public required IReadOnlyList<CheckLine> Checks { get; init; }

    /// <summary>Other estimates.</summary>
    public required IReadOnlyList<RivalLine> Methods { get; init; }

    /// <summary>What removing the most helpful together does, or null.</summary>
    public required RemovalLine? Removal { get; init; }

    /// <summary>Share of the helpful shown that are of the class asked about, and what it is in all training images.</summary>
    public required double SameClass { get; init; }

    public required double SameClassChance { get; init; }

    public required IReadOnlyList<string> Warnings { get; init; }

    public required ulong Seed { get; init; }

    public required int Threads { get; init; }

    public required string Backend { get; init; }

    public required string InstructionSet { get; init; }

    /// <summary>Seconds for this image, without the features and the head.</summary>
    public required double Seconds { get; init; }

    public IReadOnlyList<string> Files { get; init; } = [];

    public IReadOnlyDictionary<string, string> Sha256 { get; init; } = new Dictionary<string, string>();
}

/// <summary>What a network or a head says.</summary>
internal sealed record AnswerLine(int Class, string Label, double Probability);

/// <summary>A training image.</summary>
/// <param name="Rank">Its place among all, 1 for the most helpful.</param>
/// <param name="TrainImage">Its file.</param>
/// <param name="Class">Its folder.</param>
/// <param name="Label">That folder's label.</param>
/// <param name="Influence">The first-order estimate of how much the loss rises without it, in nats.</param>
/// <param name="Newton">That by a Newton step without it.</param>
/// <param name="Truth">How much it rose when the head was trained again without it; null where it was not.</param>
/// <param name="Picture">The file that shows it, or null.</param>
/// <param name="Map">The file that shows where the class asked about is seen in it, or null.</param>
internal sealed record InfluenceLine(
    int Rank, string TrainImage, string Class, string Label, double Influence, double Newton, double? Truth, string? Picture = null,
    string? Map = null);

/// <summary>How far an estimate and the truth go together.</summary>
/// <param name="Pearson">Correlation of the values; NaN of fewer than three, or where they are all alike.</param>
/// <param name="Spearman">Correlation of the ranks.</param>
/// <param name="Slope">Σ truth·estimate / Σ estimate²: what the estimate is to be multiplied with.</param>
internal sealed record FitLine(double Pearson, double Spearman, double Slope);

/// <summary>Estimates beside the truth.</summary>
/// <param name="Images">Which: <c>helpful</c>, <c>harmful</c>, <c>random</c>, <c>all</c>.</param>
/// <param name="Count">How many.</param>
/// <param name="Newton">Of the Newton steps.</param>
/// <param name="Influence">Of the first-order estimates.</param>
internal sealed record CheckLine(string Images, int Count, FitLine Newton, FitLine Influence);

/// <summary>Another estimate beside the truth.</summary>
/// <param name="Method">Its name.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="Spearman">With the truth, over all images that were retrained without; NaN without any.</param>
/// <param name="SpearmanRandom">The same over the random ones.</param>
/// <param name="SameClass">Share of its most helpful that are of the class asked about.</param>
/// <param name="Shared">How many of its most helpful are among those of influence.</param>
/// <param name="Helpful">Its most helpful, by file.</param>
internal sealed record RivalLine(
    string Method, string Source, double Spearman, double SpearmanRandom, double SameClass, int Shared, IReadOnlyList<string> Helpful);

/// <summary>What removing the most helpful together does.</summary>
/// <param name="Probability">The class's probability with all.</param>
/// <param name="Smallest">The fewest whose removal changes the answer, or null.</param>
/// <param name="Steps">Step by step.</param>
internal sealed record RemovalLine(double Probability, int? Smallest, IReadOnlyList<RemovalStepLine> Steps);

/// <param name="Count">How many were removed.</param>
/// <param name="Probability">The class's probability without the most helpful.</param>
/// <param name="Flipped">Whether the head then says another class.</param>
/// <param name="Random">Its probability without as many random images of the class, of each random set.</param>
/// <param name="RandomFlips">How many of the random sets change the answer.</param>
internal sealed record RemovalStepLine(int Count, double Probability, bool Flipped, IReadOnlyList<double> Random, int RandomFlips);

/// <summary>Everything that <c>influence</c> writes as JSON.</summary>
[JsonSerializable(typeof(InfluenceManifest))]
[JsonSerializable(typeof(QuestionManifest))]
[JsonSerializable(typeof(StoreManifest))]
[JsonSerializable(typeof(HeadManifest))]
[JsonSerializable(typeof(SuspectManifest))]
[JsonSerializable(typeof(CompareManifest))]
internal sealed partial class InfluenceJson : JsonSerializerContext
{
    internal static InfluenceJson Pretty { get; } = new(JsonStyle.Pretty());

    internal static InfluenceJson Strict { get; } = new(JsonStyle.Strict());
}
