using System.Text.Json.Serialization;
using Interp.Cli.Output;
using Interp.Engine.Adversarial;
using Interp.Engine.Models;

namespace Interp.Cli.Adversarial;

/// <summary>Everything about one attack on one image, and what is needed to repeat it: <c>manifest.json</c>.</summary>
internal sealed record AttackManifest : IResult
{
    public string Version { get; init; } = Manifest.ProgramVersion;

    /// <summary>A digest of everything that the result depends on.</summary>
    public required string Settings { get; init; }

    public required string Model { get; init; }

    public required string ModelHash { get; init; }

    public required string Image { get; init; }

    public required string ImageHash { get; init; }

    /// <summary>The attack.</summary>
    public required string Method { get; init; }

    public required string Source { get; init; }

    /// <summary>Every option of the attack with its value.</summary>
    public required IReadOnlyDictionary<string, object> Options { get; init; }

    /// <summary><c>linf</c> or <c>l2</c>.</summary>
    public required string Norm { get; init; }

    /// <summary>How far it might go, as it was written; null where the nearest image was sought.</summary>
    public required string? Epsilon { get; init; }

    /// <summary>The same as a number, in units of 0…1 pixels.</summary>
    public required double? EpsilonValue { get; init; }

    /// <summary><c>network</c>: the file is the network's input, and says so; <c>file</c>: it is prepared like any other.</summary>
    public required string Surface { get; init; }

    /// <summary>Whether the attack kept to whole grey levels.</summary>
    public required bool Lattice { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>The class that was attacked.</summary>
    public required NamedClass From { get; init; }

    /// <summary>The class that was wanted; null where any other would do.</summary>
    public required NamedClass? Target { get; init; }

    /// <summary>Whether the clean image was at the goal already, so that nothing was done; such images do not count as successes.</summary>
    public required bool Misclassified { get; init; }

    /// <summary>What counts: whether <c>adversarial.png</c>, read from the disk as <c>predict</c> reads it, is at the goal.</summary>
    public required bool Success { get; init; }

    /// <summary>What the attack says of its own image before it was saved.</summary>
    public required bool Claimed { get; init; }

    /// <summary>The claim's distance from the clean image in the attack's norm, in units of 0…1 pixels.</summary>
    public required double ClaimedDistance { get; init; }

    /// <summary>The first five classes of the clean image.</summary>
    public required IReadOnlyList<PredictedClass> Before { get; init; }

    /// <summary>Those of the saved image read back.</summary>
    public required IReadOnlyList<PredictedClass> After { get; init; }

    /// <summary>How far the saved image is from the clean one.</summary>
    public required DistanceLine Distances { get; init; }

    /// <summary>The same for images with noise of the same size in the attack's norm: how many of them are misclassified.</summary>
    public required RateLine? Noise { get; init; }

    /// <summary>Steps of <c>curve.csv</c>.</summary>
    public required int Steps { get; init; }

    public required long ForwardPasses { get; init; }

    public required long BackwardPasses { get; init; }

    /// <summary>Milliseconds of the attack alone.</summary>
    public required double TimeMs { get; init; }

    /// <summary>What differences were multiplied with in <c>difference.png</c>.</summary>
    public required double DifferenceFactor { get; init; }

    /// <summary>Maps before and after; none where they were not asked for.</summary>
    public IReadOnlyList<MapLine> Maps { get; init; } = [];

    /// <summary>The layer of <see cref="Units"/>.</summary>
    public string? UnitLayer { get; init; }

    /// <summary>The channels whose mean activation moved most.</summary>
    public IReadOnlyList<MovedUnit> Units { get; init; } = [];

    /// <summary>How much each layer's values changed.</summary>
    public IReadOnlyList<LayerShare> Layers { get; init; } = [];

    public required int Threads { get; init; }

    public required string Backend { get; init; }

    public required string InstructionSet { get; init; }

    public required string Convolution { get; init; }

    public required string Memory { get; init; }

    /// <summary>What is worth knowing.</summary>
    public required IReadOnlyList<string> Remarks { get; init; }

    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>The SHA-256 of each of them.</summary>
    public IReadOnlyDictionary<string, string> Sha256 { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether it counts among the attacks that succeed or fail.</summary>
    [JsonIgnore]
    internal bool Counts => !Misclassified;
}

/// <summary>A class with its name.</summary>
internal sealed record NamedClass(int Class, string Label)
{
    internal static NamedClass Of(int c, Labels labels) => new(c, labels[c]);

    /// <summary><c>30 tabby</c>.</summary>
    internal string Words => $"{Class} {TargetWords.Short(Label)}";
}

/// <summary>Distances in units of 0…1 pixels; <see cref="L0"/> is a share of the values.</summary>
internal sealed record DistanceLine(double L0, double L1, double L2, double Rms, double Linf, double Ssim, double Rho)
{
    internal static DistanceLine Of(AttackDistances d) => new(d.L0, d.L1, d.L2, d.Rms, d.LInf, d.Ssim, d.Rho);
}

/// <summary>A map of one class before and after: the files, and how alike the two are.</summary>
internal sealed record MapLine(string Method, NamedClass Class, string Before, string After, double Spearman, double Ssim);

/// <summary>A channel that moved.</summary>
internal sealed record MovedUnit(int Channel, double Before, double After, string? Label);

/// <summary>‖Δa‖/‖a‖ of a layer.</summary>
internal sealed record LayerShare(string Layer, double Share);

/// <summary>What <c>attack --json</c> says of one image and attack: where the files are, and the manifest.</summary>
internal sealed record AttackLine(string Image, string Folder, AttackManifest Manifest);

/// <summary>What <c>attack --json</c> says.</summary>
internal sealed record AttackOutput(
    IReadOnlyList<AttackLine> Results, IReadOnlyList<AttackRate> Rates, CurveFile? Curve, TransferFile? Transfer);

/// <summary>The results of one attack over all images that were classified right.</summary>
internal sealed record AttackRate(
    string Method, string Norm, string? Epsilon, int Images, int Misclassified, RateLine? Success, int Claims, int Agree, RateLine? Noise,
    Quartiles L0, Quartiles L1, Quartiles L2, Quartiles Rms, Quartiles Linf, Quartiles Ssim, double Rho, double MedianSeconds,
    double MedianPasses);

/// <summary>Quartiles over the images on which the attack succeeded; NaN where there are none.</summary>
internal sealed record Quartiles(double Low, double Median, double High);

/// <summary>Manifests of attacks.</summary>
[JsonSerializable(typeof(AttackManifest))]
[JsonSerializable(typeof(AttackOutput))]
[JsonSerializable(typeof(CurveFile))]
[JsonSerializable(typeof(TransferFile))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(double))]
[JsonSerializable(typeof(bool))]
internal sealed partial class AttackJson : JsonSerializerContext
{
    internal static AttackJson Pretty { get; } = new(JsonStyle.Pretty());

    internal static AttackJson Strict { get; } = new(JsonStyle.Strict());
}
