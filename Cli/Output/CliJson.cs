using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Interp.Cli.Evaluation;
using Interp.Cli.Examples;
using Interp.Cli.Reporting;
using Interp.Cli.Visualization;
using Interp.Cuda;
using Interp.Cuda.Profiling;

namespace Interp.Cli.Output;

/// <summary>The JSON that the program writes: snake_case names, readable text, numbers in full; NaN and infinities as the strings "NaN", "Infinity".</summary>
[JsonSerializable(typeof(Manifest))]
[JsonSerializable(typeof(IReadOnlyList<PredictedImage>))]
[JsonSerializable(typeof(IReadOnlyList<LayerLine>))]
[JsonSerializable(typeof(IReadOnlyList<ModelLine>))]
[JsonSerializable(typeof(ModelLine))]
[JsonSerializable(typeof(VerifiedModel))]
[JsonSerializable(typeof(IReadOnlyList<MethodLine>))]
[JsonSerializable(typeof(IReadOnlyList<SaliencyLine>))]
[JsonSerializable(typeof(BenchResult))]
[JsonSerializable(typeof(CudaReport))]
[JsonSerializable(typeof(IReadOnlyList<KernelTime>))]
[JsonSerializable(typeof(EvaluationFile))]
[JsonSerializable(typeof(ReportDocument))]
[JsonSerializable(typeof(VisualizeManifest))]
[JsonSerializable(typeof(VisualizeLine))]
[JsonSerializable(typeof(IReadOnlyList<VisualizeLine>))]
[JsonSerializable(typeof(TopImagesManifest))]
[JsonSerializable(typeof(UnitManifest))]
[JsonSerializable(typeof(ProgressFile))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(double))]
[JsonSerializable(typeof(bool))]
internal sealed partial class CliJson : JsonSerializerContext
{
    internal static CliJson Pretty { get; } = new(new JsonSerializerOptions
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    });

    /// <summary>The same on one line, with everything escaped that could end a script element or begin a comment in a page.</summary>
    internal static CliJson Embedded { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    });
}
