using System.Text.Json.Serialization;
using Interp.Cli.Output;

namespace Interp.Cli.Dissection;

/// <summary>Summaries and manifests of dissections, and the data of their pages.</summary>
[JsonSerializable(typeof(DissectionManifest))]
[JsonSerializable(typeof(AblationManifest))]
[JsonSerializable(typeof(DissectionSummary[]))]
[JsonSerializable(typeof(DissectionSummary))]
[JsonSerializable(typeof(PageUnit[]))]
internal sealed partial class DissectionJson : JsonSerializerContext
{
    internal static DissectionJson Pretty { get; } = new(JsonStyle.Pretty());

    internal static DissectionJson Strict { get; } = new(JsonStyle.Strict());

    internal static DissectionJson Embedded { get; } = new(JsonStyle.Embedded());
}
