using Interp.Cli.Output;

namespace Interp.Cli.Adversarial;

/// <summary>Robust accuracy over growing distances: <c>robustness.json</c>. Holds what became of each image, so that a run that was ended
/// goes on.</summary>
internal sealed record CurveFile
{
    public string Version { get; init; } = Manifest.ProgramVersion;

    /// <summary>A digest of everything that the curve depends on but the images.</summary>
    public required string Settings { get; init; }

    public required string Model { get; init; }

    public required string ModelHash { get; init; }

    public required string Norm { get; init; }

    public required string Surface { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>The attacks with their options.</summary>
    public required IReadOnlyList<string> Attacks { get; init; }

    /// <summary>The distances in growing order, after that of the clean images, 0.</summary>
    public required IReadOnlyList<CurveEpsilon> Epsilons { get; init; }

    /// <summary>A curve for each attack and, last, that of all together: the robust accuracy.</summary>
    public required IReadOnlyList<CurveLine> Curves { get; init; }

    /// <summary>Signs that gradients mislead.</summary>
    public required IReadOnlyList<string> Alarms { get; init; }

    public required IReadOnlyList<CurveImage> Images { get; init; }

    /// <summary>Whether all images are in it.</summary>
    public required bool Complete { get; init; }

    public required double Seconds { get; init; }
}

/// <summary>A distance.</summary>
/// <param name="Text">As it was written.</param>
/// <param name="Value">In units of 0…1 pixels.</param>
/// <param name="OffLattice">Whether no 8-bit image uses it up: what counts there is the attack's claim.</param>
internal sealed record CurveEpsilon(string Text, double Value, bool OffLattice)
{
    /// <summary>The text, marked where no file holds such an image.</summary>
    internal string Words => OffLattice ? $"{Text}*" : Text;
}

/// <summary>The share of images that stand: clean, and at each distance.</summary>
internal sealed record CurveLine(string Attack, RateLine Clean, IReadOnlyList<RateLine> Robust);

/// <summary>What became of an image: at which distance each attack broke it.</summary>
/// <param name="Image">The file.</param>
/// <param name="Settings">A digest of the image and its class.</param>
/// <param name="From">The class that it must keep.</param>
/// <param name="Fates">For each attack in order.</param>
internal sealed record CurveImage(string Image, string Settings, NamedClass From, IReadOnlyList<CurveFate> Fates);

/// <inheritdoc cref="Engine.Adversarial.ImageFate"/>
internal sealed record CurveFate(bool BrokenClean, IReadOnlyList<bool> Broken, bool? BrokenFar, bool HasGradient, long Passes);
