using Interp.Cli.Output;
using Interp.Engine.Examples;
using Interp.Engine.Models;

namespace Interp.Cli.Examples;

/// <summary>Everything that <c>unit</c> found of one channel: <c>manifest.json</c>.</summary>
internal sealed record UnitManifest : IResult
{
    public string Version { get; init; } = Manifest.ProgramVersion;

    public required string Settings { get; init; }

    /// <summary><c>features.28:264</c>.</summary>
    public required string Unit { get; init; }

    /// <summary>How the model's logits become probabilities: <c>softmax</c>, <c>sigmoid</c>.</summary>
    public required string Activation { get; init; }

    /// <summary>The images that excite it, and its distribution; <c>units</c> holds this channel alone.</summary>
    public required TopImagesManifest Examples { get; init; }

    /// <summary>What removing it does, or null where the network cannot be run without it.</summary>
    public RemovalLine? Removal { get; init; }

    /// <summary>Why there is no removal.</summary>
    public string? RemovalProblem { get; init; }

    /// <summary>The image that was optimised to excite it, or null.</summary>
    public OptimizedLine? Optimized { get; init; }

    /// <summary>The image that was optimised to do the opposite, or null.</summary>
    public OptimizedLine? Negative { get; init; }

    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>The SHA-256 of each of them.</summary>
    public IReadOnlyDictionary<string, string> Sha256 { get; init; } = new Dictionary<string, string>();
}

/// <summary>What the predictions are without the channel.</summary>
/// <param name="Images">Over how many images.</param>
/// <param name="Value">What the channel was set to.</param>
/// <param name="Answer">What is compared: the top class, or the side of 50 % where there is one class.</param>
/// <param name="Changed">How many images have another one.</param>
/// <param name="TopDrop">Mean loss of the top class's probability.</param>
/// <param name="Fallen">The classes whose mean logit falls most.</param>
/// <param name="Risen">The classes whose mean logit rises most.</param>
internal sealed record RemovalLine(
    long Images,
    float Value,
    string Answer,
    long Changed,
    double TopDrop,
    IReadOnlyList<ClassChange> Fallen,
    IReadOnlyList<ClassChange> Risen)
{
    private const int Classes = 10;

    internal static RemovalLine Of(AblationEffect e, Labels labels)
    {
        string answer = labels.Count == 1 ? "side of 50 %" : "top class";
        return new RemovalLine(e.Images, e.Value, answer, e.Changed, e.TopDrop, Named(e.Fallen(Classes)), Named(e.Risen(Classes)));

        IReadOnlyList<ClassChange> Named(IReadOnlyList<int> classes) =>
            [.. classes.Select(c => new ClassChange(c, labels[c], e.LogitChanges[c]))];
    }
}

/// <param name="Class">The class.</param>
/// <param name="Label">Its name.</param>
/// <param name="Change">Mean of its logit without the channel less that with it.</param>
internal sealed record ClassChange(int Class, string Label, double Change);

/// <summary>What the channel does on an optimised image, and how that compares with the images that were looked at.</summary>
/// <param name="Image">Its file.</param>
/// <param name="Extreme">The largest activation at any place; the smallest for the negative.</param>
/// <param name="Mean">The mean of the map.</param>
/// <param name="ExtremeRatio">How many times that of the best image; null where the two have not the sign that is wanted.</param>
/// <param name="MeanRatio">The same for the mean.</param>
internal sealed record OptimizedLine(string Image, float Extreme, double Mean, double? ExtremeRatio, double? MeanRatio)
{
    internal static OptimizedLine Of(string image, in UnitReading r, UnitStatistics photos, bool isNegative) => isNegative
        ? new OptimizedLine(image, r.Smallest, r.Mean, Ratio(-r.Smallest, -photos.Lowest), Ratio(-r.Mean, -photos.LowestMean))
        : new OptimizedLine(image, r.Largest, r.Mean, Ratio(r.Largest, photos.Maximum), Ratio(r.Mean, photos.HighestMean));

    private static double? Ratio(double optimized, double best) => optimized > 0 && best > 0 ? optimized / best : null;
}
