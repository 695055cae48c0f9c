using Interp.Cli.Output;

namespace Interp.Cli.Visualization;

/// <summary>One image of a strip.</summary>
/// <param name="Name">Its folder below the strip's: <c>within-8</c>, <c>noise-robust</c>; <c>photo</c> has none.</param>
/// <param name="Words">Its caption.</param>
/// <param name="Epsilon">The largest change of a value that was allowed, in units of 0…1; null for any.</param>
/// <param name="Transforms">The random changes at each step.</param>
/// <param name="Probability">The class's probability, of the saved image.</param>
/// <param name="NoiseProbability">The same of the photo with as much noise, ±ε at every value; null where ε is any.</param>
/// <param name="Top">The first class of the saved image.</param>
/// <param name="Linf">max|d| from the photo.</param>
/// <param name="L2">√Σd².</param>
/// <param name="Ssim">Structural similarity to the photo.</param>
/// <param name="Unit">The channel of the strip's layer whose mean rose most over the photo's; null of the photo.</param>
/// <param name="Steps">Steps that were done.</param>
internal sealed record StripCell(
    string Name, string Words, double? Epsilon, string? Transforms, double Probability, double? NoiseProbability, PredictedClass Top,
    double Linf, double L2, double Ssim, StripUnit? Unit, int? Steps);

/// <summary>A channel's mean activation on the photo and on the image.</summary>
internal sealed record StripUnit(int Channel, double Before, double After);

/// <summary>From an attack to a visualisation, one image beside the other: <c>manifest.json</c> of a strip.</summary>
internal sealed record StripManifest : IResult
{
    public string Version { get; init; } = Manifest.ProgramVersion;

    /// <summary>A digest of everything that the result depends on.</summary>
    public required string Settings { get; init; }

    public required string Model { get; init; }

    public required string ModelHash { get; init; }

    /// <summary>The photo's file.</summary>
    public required string Image { get; init; }

    public required string ImageHash { get; init; }

    public required int Class { get; init; }

    public required string Label { get; init; }

    /// <summary>What was to grow.</summary>
    public required string Objective { get; init; }

    /// <summary>The layer whose unit is named.</summary>
    public required string Layer { get; init; }

    public required IReadOnlyDictionary<string, object> Options { get; init; }

    public required ulong Seed { get; init; }

    public required int Threads { get; init; }

    public required string Backend { get; init; }

    public required string InstructionSet { get; init; }

    /// <summary>The photo, and the images from the least change to none of the photo.</summary>
    public required IReadOnlyList<StripCell> Cells { get; init; }

    public required double TimeMs { get; init; }

    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>The SHA-256 of each of them.</summary>
    public IReadOnlyDictionary<string, string> Sha256 { get; init; } = new Dictionary<string, string>();
}

/// <summary>What <c>visualize --strip --json</c> prints.</summary>
internal sealed record StripLine(string Folder, StripManifest Manifest);
