using System.Text.Json;
using System.Text.Json.Serialization;
using Interp.Cuda;
using Interp.Cuda.Profiling;
using Interp.Engine.Attribution.Relevance;

namespace Interp.Cli.Output;

/// <summary>Manifests of maps, and what commands print.</summary>
[JsonSerializable(typeof(Manifest))]
[JsonSerializable(typeof(IReadOnlyList<PredictedImage>))]
[JsonSerializable(typeof(IReadOnlyList<LayerLine>))]
[JsonSerializable(typeof(IReadOnlyList<ModuleLine>))]
[JsonSerializable(typeof(IReadOnlyList<ModelLine>))]
[JsonSerializable(typeof(ModelLine))]
[JsonSerializable(typeof(IReadOnlyList<PretrainedLine>))]
[JsonSerializable(typeof(VerifiedModel))]
[JsonSerializable(typeof(IReadOnlyList<MethodLine>))]
[JsonSerializable(typeof(IReadOnlyList<SaliencyLine>))]
[JsonSerializable(typeof(BenchResult))]
[JsonSerializable(typeof(CudaReport))]
[JsonSerializable(typeof(IReadOnlyList<KernelTime>))]
[JsonSerializable(typeof(AbsorbedRelevance[]))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(double))]
[JsonSerializable(typeof(bool))]
internal sealed partial class CliJson : JsonSerializerContext
{
    internal static CliJson Pretty { get; } = new(JsonStyle.Pretty());

    internal static CliJson Strict { get; } = new(JsonStyle.Strict());
}
