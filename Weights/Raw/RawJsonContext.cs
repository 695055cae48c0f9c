using System.Text.Json.Serialization;

namespace Interp.Weights.Raw;

/// <summary>Generated code for <c>model.json</c>: strict, so that a misspelt or doubled field is an error and not a default.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    IgnoreReadOnlyProperties = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    MaxDepth = 16,
    WriteIndented = true,
    NewLine = "\n")]
[JsonSerializable(typeof(RawDocument))]
internal sealed partial class RawJsonContext : JsonSerializerContext;

/// <summary>Generated code for the version alone, whatever else the file holds.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectRequiredConstructorParameters = true,
    MaxDepth = 16)]
[JsonSerializable(typeof(RawVersion))]
internal sealed partial class RawVersionContext : JsonSerializerContext;
