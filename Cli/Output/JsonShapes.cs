using System.Text.Json.Serialization;
using Interp.Engine.Models;
using Interp.Weights;

namespace Interp.Cli.Output;

/// <summary>What <c>predict --json</c> says of one input.</summary>
/// <param name="Output">What a network without classes gives; left out of a classifier's.</param>
internal sealed record PredictedImage(
    string Image, IReadOnlyList<PredictedClass> Top,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] OutputSummary? Output = null);

internal sealed record PredictedClass(int Class, string Label, float Logit, double Probability)
{
    internal static PredictedClass Of(Prediction p) => new(p.Class, p.Label, p.Logit, p.Probability);
}

/// <summary>What <c>layers --json</c> says of one layer; the shape is that of one image's output.</summary>
/// <param name="Merged">The batch norm that was merged into it when the model was converted, or null.</param>
internal sealed record LayerLine(string Name, string Kind, IReadOnlyList<int> OutputShape, long Parameters, string? Merged);

/// <summary>What <c>layers --modules --json</c> says of one module.</summary>
internal sealed record ModuleLine(string Name, string Layer, IReadOnlyList<int> OutputShape);

internal sealed record ModelLine(
    string Name, string Folder, bool Bundled, int Classes, int InputSize, int InputWidth, int Channels, long Parameters, string Type,
    long Bytes, string Activation, IReadOnlyList<string> Assumptions)
{
    internal static ModelLine Of(ModelInfo m) =>
        new(m.Name, m.Folder, m.Bundled, m.Classes, m.InputSize, m.InputWidth, m.Channels, m.Parameters, m.Type, m.Bytes,
            m.Classes == 0 ? "none" : m.Activation.Name, m.Assumptions);
}

/// <summary>What <c>convert --list --json</c> says of one of torchvision's weight files.</summary>
internal sealed record PretrainedLine(
    string Name, string Architecture, string Weights, double? Top1, long Parameters, int Resize, int Crop, string Interpolation,
    IReadOnlyList<float> Mean, IReadOnlyList<float> Std, string File, string Url)
{
    internal static PretrainedLine Of(PretrainedWeights p) => new(
        p.Name, p.Architecture, p.Variant, p.Top1, p.Parameters, p.Preprocessing.ResizeShorterSide, p.Preprocessing.InputSize,
        p.Preprocessing.Interpolation.Name, p.Preprocessing.Mean, p.Preprocessing.Deviation, p.FileName, p.Address.ToString());
}

/// <summary>What <c>models --verify NAME --json</c> says; a model that does not match ends the command with an error.</summary>
internal sealed record VerifiedModel(string Name, string Folder, bool Verified);

internal sealed record MethodLine(
    string Name, string Title, string Family, string Summary, string Formula, string Paper, string Kind,
    IReadOnlyList<MethodOptionLine> Options);

internal sealed record MethodOptionLine(string Name, string Default, IReadOnlyList<string> Choices, string Expected, string Summary);

/// <summary>What <c>saliency --json</c> says of one image and method: where the files are, and the manifest.</summary>
internal sealed record SaliencyLine(string Image, string Name, string Folder, IReadOnlyList<string> Files, Manifest Manifest);

internal sealed record Milliseconds(double Median, double Min, double Max);

/// <summary>
/// What <c>bench --json</c> says. Peak and steady bytes are the process's, mapped weights included, the peak and after the last run; engine
/// bytes are what the
/// engine has allocated: prepared filters and the session.
/// </summary>
internal sealed record BenchResult(
    string Model, int Batch, int Threads, Milliseconds ForwardMs, Milliseconds ForwardBackwardMs, long PeakBytes, string InstructionSet,
    long SteadyBytes, long EngineBytes, long SessionBytes, string Convolution, string Memory);
