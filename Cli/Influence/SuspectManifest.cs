using Interp.Cli.Output;

namespace Interp.Cli.Influence;

/// <summary>Training images that may lie in the wrong folder: <c>manifest.json</c>.</summary>
internal sealed record SuspectManifest : IResult
{
    public string Version { get; init; } = Manifest.ProgramVersion;

    public required string Settings { get; init; }

    public required string Model { get; init; }

    public required string ModelHash { get; init; }

    public required HeadLine Head { get; init; }

    /// <summary>The score that orders the list.</summary>
    public required string By { get; init; }

    /// <summary>The most suspect images.</summary>
    public required IReadOnlyList<SuspectLine> Suspects { get; init; }

    /// <summary>How many of those the head gives another class when it is trained without them.</summary>
    public required int OtherClass { get; init; }

    /// <summary>How the rankings find labels that were made wrong on purpose, or null.</summary>
    public required PlantedLine? Planted { get; init; }

    public required ulong Seed { get; init; }

    public required int Threads { get; init; }

    public required string Backend { get; init; }

    public required string InstructionSet { get; init; }

    public required double Seconds { get; init; }

    public IReadOnlyList<string> Files { get; init; } = [];

    public IReadOnlyDictionary<string, string> Sha256 { get; init; } = new Dictionary<string, string>();
}

/// <summary>A suspect.</summary>
/// <param name="Rank">From 1.</param>
/// <param name="TrainImage">Its file.</param>
/// <param name="Class">Its folder, or the class that was planted.</param>
/// <param name="Label">That one's label.</param>
/// <param name="Scores">Its scores by name; large is suspect.</param>
/// <param name="Suggested">The folder whose class the head gives it when it is trained without it, to second order.</param>
/// <param name="SuggestedLabel">That one's label.</param>
/// <param name="SuggestedProbability">With which probability.</param>
/// <param name="LabelProbability">And that of its own class.</param>
/// <param name="Planted">Whether its label was made wrong on purpose; null where none were.</param>
/// <param name="Picture">The file that shows it.</param>
internal sealed record SuspectLine(
    int Rank, string TrainImage, string Class, string Label, IReadOnlyDictionary<string, double> Scores, string Suggested,
    string SuggestedLabel, double SuggestedProbability, double LabelProbability, bool? Planted, string Picture);

/// <summary>What the rankings make of labels that are known to be wrong.</summary>
/// <param name="Share">The share of the labels that was changed, each to another class at random.</param>
/// <param name="Wrong">How many that were.</param>
/// <param name="Images">Of how many images.</param>
/// <param name="Tests">Held-out images with their labels as they are, which accuracies are measured on; 0 for none.</param>
/// <param name="AccuracyWrong">Of a head that was trained with the wrong labels; NaN without held-out images.</param>
/// <param name="AccuracyRight">Of one that was trained with the labels as they are.</param>
/// <param name="Inspected">Shares of the images that are looked at.</param>
/// <param name="Rankings">Each ranking.</param>
internal sealed record PlantedLine(
    double Share, int Wrong, int Images, int Tests, double AccuracyWrong, double AccuracyRight, IReadOnlyList<double> Inspected,
    IReadOnlyList<RankingLine> Rankings);

/// <summary>A ranking beside the truth.</summary>
/// <param name="Name">The score.</param>
/// <param name="Auroc">Area under the curve; 0.5 is chance.</param>
/// <param name="Low">The lower end of its 95 % interval.</param>
/// <param name="High">The upper end.</param>
/// <param name="Recalls">Of the wrong labels, the share found in each share that is looked at; chance gives that share itself.</param>
/// <param name="Repaired">Accuracy after the wrong labels found are put right; NaN without held-out images.</param>
internal sealed record RankingLine(
    string Name, double Auroc, double Low, double High, IReadOnlyList<double> Recalls, IReadOnlyList<double> Repaired);
