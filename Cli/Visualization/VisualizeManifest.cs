using Interp.Cli.Output;

namespace Interp.Cli.Visualization;

/// <summary>Everything that is needed to know where an optimised image came from, to make it again, and to believe it:
/// <c>manifest.json</c>.</summary>
internal sealed record VisualizeManifest : IResult
{
    public string Version { get; init; } = Manifest.ProgramVersion;

    /// <summary>A digest of everything that the result depends on.</summary>
    public required string Settings { get; init; }

    public required string Model { get; init; }

    public required string ModelHash { get; init; }

    /// <summary>Name of the folder: <c>features.28-264</c>.</summary>
    public required string Unit { get; init; }

    /// <summary>For people.</summary>
    public required string Description { get; init; }

    /// <summary>What was to grow, in terms that <c>--objective</c> reads.</summary>
    public required string Objective { get; init; }

    public required bool Negative { get; init; }

    public string? Layer { get; init; }

    public int? Channel { get; init; }

    public int? Class { get; init; }

    public string? Label { get; init; }

    public required IReadOnlyDictionary<string, object> Options { get; init; }

    public required ulong Seed { get; init; }

    public required int Threads { get; init; }

    public required string Backend { get; init; }

    public required string InstructionSet { get; init; }

    public required string Convolution { get; init; }

    public required string Memory { get; init; }

    /// <summary>Shape of <c>image.npy</c>.</summary>
    public required IReadOnlyList<int> Shape { get; init; }

    /// <summary>Steps that were done by the run that was kept.</summary>
    public required int Steps { get; init; }

    /// <summary><c>steps</c>, <c>probability</c>, <c>patience</c> or <c>cancelled</c>.</summary>
    public required string Stopped { get; init; }

    /// <summary>The unit's own value on the image at the start, without transforms.</summary>
    public required double ActivationBefore { get; init; }

    /// <summary>The same on the saved image, read back.</summary>
    public required double ActivationAfter { get; init; }

    /// <summary>Place of the unit among the channels of its layer by the mean activation on the image read back, 1 for the
    /// largest.</summary>
    public int? Rank { get; init; }

    /// <summary>Number of channels of the layer.</summary>
    public int? Channels { get; init; }

    /// <summary>How the model's logits become probabilities: <c>softmax</c>, <c>sigmoid</c>.</summary>
    public required string Activation { get; init; }

    /// <summary>The first five classes of the image read back, prepared as <c>predict</c> does; none of a network without
    /// classes.</summary>
    public required IReadOnlyList<PredictedClass> Prediction { get; init; }

    /// <summary>The wanted class's probability there; of the first one where no class was wanted; NaN of a network without
    /// classes.</summary>
    public required double Probability { get; init; }

    /// <summary>Whether the image was looked at as it is, since it is the network's own input and its file says so; null where it was not
    /// held near a photo.</summary>
    public bool? Prepared { get; init; }

    /// <summary>How far the saved image is from the photo that it started from; null where it was not held near one.</summary>
    public PhotoDistance? Distance { get; init; }

    /// <summary>The images behind the first, where several were optimised together.</summary>
    public required IReadOnlyList<OtherImage> Others { get; init; }

    /// <summary>Every run with other random numbers: its seed and what it reached.</summary>
    public required IReadOnlyList<RestartLine> Restarts { get; init; }

    /// <summary>Forward and backward passes of one image, all runs together.</summary>
    public required long ForwardPasses { get; init; }

    public required long BackwardPasses { get; init; }

    public required double TimeMs { get; init; }

    /// <summary>What is wrong with the image, such as that the unit never became active.</summary>
    public required IReadOnlyList<string> Diagnosis { get; init; }

    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>The SHA-256 of each of them.</summary>
    public IReadOnlyDictionary<string, string> Sha256 { get; init; } = new Dictionary<string, string>();
}

/// <param name="File">The image's file.</param>
/// <param name="Activation">The unit's value on it.</param>
/// <param name="Prediction">Its first five classes.</param>
/// <param name="Probability">The wanted class's probability.</param>
internal sealed record OtherImage(string File, double Activation, IReadOnlyList<PredictedClass> Prediction, double Probability);

/// <param name="Seed">Where its random numbers started.</param>
/// <param name="Score">The class's probability, or the unit's value with its sign, on the image as 8 bits.</param>
internal sealed record RestartLine(ulong Seed, double Score);

/// <summary>What <c>visualize --json</c> says of one unit.</summary>
internal sealed record VisualizeLine(string Unit, string Folder, VisualizeManifest Manifest);
