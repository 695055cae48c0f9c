using System.Text.Json.Serialization;
using Interp.Cli.Output;

namespace Interp.Cli.Adversarial;

/// <summary>A universal perturbation, and what is needed to make it again: <c>manifest.json</c>.</summary>
internal sealed record UniversalManifest : IResult
{
    public string Version { get; init; } = Manifest.ProgramVersion;

    /// <summary>A digest of everything that the result depends on.</summary>
    public required string Settings { get; init; }

    public required string Model { get; init; }

    public required string ModelHash { get; init; }

    /// <summary><c>universal</c>.</summary>
    public required string Method { get; init; }

    public required string Epsilon { get; init; }

    /// <summary>The same as a number, in units of 0…1 pixels.</summary>
    public required double EpsilonValue { get; init; }

    public required NamedClass? Target { get; init; }

    public required int Epochs { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>Images trained on that it misleads.</summary>
    public required RateLine? Trained { get; init; }

    /// <summary>Images held out that it misleads: what counts.</summary>
    public required RateLine? HeldOut { get; init; }

    /// <summary>Images held out that random signs of the same size mislead.</summary>
    public required RateLine? Noise { get; init; }

    /// <summary>What the change was multiplied with in <c>delta.png</c>.</summary>
    public required double DifferenceFactor { get; init; }

    public required int Threads { get; init; }

    public required string Backend { get; init; }

    public required string InstructionSet { get; init; }

    public required double Seconds { get; init; }

    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>The SHA-256 of each of them.</summary>
    public required IReadOnlyDictionary<string, string> Sha256 { get; init; }
}

/// <summary>Manifests of universal perturbations.</summary>
[JsonSerializable(typeof(UniversalManifest))]
internal sealed partial class UniversalJson : JsonSerializerContext
{
    internal static UniversalJson Pretty { get; } = new(JsonStyle.Pretty());

    internal static UniversalJson Strict { get; } = new(JsonStyle.Strict());
}
