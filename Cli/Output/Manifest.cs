using System.Reflection;
using System.Text.Json.Serialization;

namespace Interp.Cli.Output;

/// <summary>Everything that is needed to know where one attribution came from and to make it again: <c>manifest.json</c>.</summary>
internal sealed record Manifest : IResult
{
    /// <summary>The program's version.</summary>
    public string Version { get; init; } = ProgramVersion;

    /// <summary>A digest of everything that the result depends on: where it stands, the same command need not compute again.</summary>
    public required string Settings { get; init; }

    public required string Model { get; init; }

    public required string ModelHash { get; init; }

    public required string Image { get; init; }

    public required string ImageHash { get; init; }

    /// <summary>Its place among several inputs of one file, if there are several.</summary>
    public int? Part { get; init; }

    /// <summary>The class that was explained, or the top one where it was a unit; null of a network without classes, as the other facts
    /// about classes.</summary>
    public int? Class { get; init; }

    public string? Label { get; init; }

    /// <summary>The class with the largest logit.</summary>
    public int? TopClass { get; init; }

    public string? TopLabel { get; init; }

    /// <summary>The five classes with the largest logits; none of a network without classes.</summary>
    public required IReadOnlyList<PredictedClass> Top { get; init; }

    /// <summary>How the model's logits become probabilities: <c>softmax</c>, <c>sigmoid</c>.</summary>
    public required string Activation { get; init; }

    /// <summary>The explained class's logit.</summary>
    public float? Logit { get; init; }

    public double? Probability { get; init; }

    /// <summary>What was explained: <c>logit</c>, <c>probability</c>, their <c>difference</c>, <c>channel</c> or <c>neuron</c>.</summary>
    public required string Target { get; init; }

    /// <summary>What was explained, in words.</summary>
    public required string TargetDescription { get; init; }

    /// <summary>The class that the explained one is compared with, if any.</summary>
    public int? Against { get; init; }

    public string? AgainstLabel { get; init; }

    /// <summary>Its value on the image.</summary>
    public required double Score { get; init; }

    public required string Method { get; init; }

    /// <summary>Every option of the method and of the images with its value.</summary>
    public required IReadOnlyDictionary<string, object> Options { get; init; }

    public required ulong Seed { get; init; }

    public required int Threads { get; init; }

    public required string Backend { get; init; }

    public required string InstructionSet { get; init; }

    /// <summary><c>--conv</c>.</summary>
    public required string Convolution { get; init; }

    /// <summary><c>--memory</c>.</summary>
    public required string Memory { get; init; }

    public required IReadOnlyList<int> Shape { get; init; }

    public required float RawMin { get; init; }

    public required float RawMax { get; init; }

    /// <summary>What the method has to say beyond the values: the layer it chose, its completeness error.</summary>
    public required IReadOnlyDictionary<string, object> Facts { get; init; }

    /// <summary>Forward passes of one image that the method took.</summary>
    public required long ForwardPasses { get; init; }

    /// <summary>Backward passes of one image.</summary>
    public required long BackwardPasses { get; init; }

    /// <summary>Milliseconds from the prepared input to the raw values, the forward pass included.</summary>
    public required double TimeMs { get; init; }

    /// <summary>Bytes that went to the device meanwhile, and came from it; not there where there is no device.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? BytesToDevice { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? BytesFromDevice { get; init; }

    /// <summary>What is wrong with the values, such as that the map is empty.</summary>
    public required IReadOnlyList<string> Diagnosis { get; init; }

    /// <summary>Numbers that say how far the map can be believed, by metric; none where they were not asked for.</summary>
    public IReadOnlyDictionary<string, double> Evidence { get; init; } = new Dictionary<string, double>();

    /// <summary>Changed images that were run for these numbers; with an image's first map those of the baselines.</summary>
    public int EvidencePasses { get; init; }

    /// <summary>What the numbers say in words; empty where nothing was found wrong.</summary>
    public IReadOnlyDictionary<string, string> Verdicts { get; init; } = new Dictionary<string, string>();

    /// <summary>The files beside this one.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>The SHA-256 of each of them.</summary>
    public IReadOnlyDictionary<string, string> Sha256 { get; init; } = new Dictionary<string, string>();

    /// <summary>What is worth knowing of the images, such as that there are no negative values to show.</summary>
    public required IReadOnlyList<string> Remarks { get; init; }

    /// <summary>Whether a unit of a layer was explained rather than a class.</summary>
    internal bool IsUnit => Target is "channel" or "neuron";

    /// <summary>What the folder that it lies in is about, in sixteen digits: the image's content, the model and the target.</summary>
    internal string Owner => SettingsHash.Digest([ImageHash, $"{Part}", ModelHash, Target, TargetDescription, $"{Class}", $"{Against}"]);

    internal static string ProgramVersion { get; } =
        typeof(Manifest).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
