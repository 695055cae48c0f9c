using System.Text.Json;
using System.Text.Json.Serialization;
using Interp.Cli.Output;

namespace Interp.Cli.Visualization;

/// <summary>Manifests of optimised images, and what commands print of them.</summary>
[JsonSerializable(typeof(VisualizeManifest))]
[JsonSerializable(typeof(VisualizeLine))]
[JsonSerializable(typeof(StripManifest))]
[JsonSerializable(typeof(StripLine))]
[JsonSerializable(typeof(IReadOnlyList<VisualizeLine>))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(double))]
[JsonSerializable(typeof(bool))]
internal sealed partial class VisualizationJson : JsonSerializerContext
{
    internal static VisualizationJson Pretty { get; } = new(JsonStyle.Pretty());

    internal static VisualizationJson Strict { get; } = new(JsonStyle.Strict());
}
