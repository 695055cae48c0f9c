using System.Text.Json;
using System.Text.Json.Serialization;
using Interp.Cli.Output;

namespace Interp.Cli.Examples;

/// <summary>Manifests of examples and units, and how far a search has come.</summary>
[JsonSerializable(typeof(TopImagesManifest))]
[JsonSerializable(typeof(UnitManifest))]
[JsonSerializable(typeof(ProgressFile))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(double))]
[JsonSerializable(typeof(bool))]
internal sealed partial class ExampleJson : JsonSerializerContext
{
    internal static ExampleJson Pretty { get; } = new(JsonStyle.Pretty());

    internal static ExampleJson Strict { get; } = new(JsonStyle.Strict());

    internal static ExampleJson Embedded { get; } = new(JsonStyle.Embedded());
}
