using System.Text.Json;
using System.Text.Json.Serialization;
using Interp.Cli.Output;
using Interp.Engine.Attribution.Relevance;

namespace Interp.Cli.Reporting;

/// <summary>What stands in a report for its script.</summary>
[JsonSerializable(typeof(ReportDocument))]
[JsonSerializable(typeof(AbsorbedRelevance[]))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(double))]
[JsonSerializable(typeof(bool))]
internal sealed partial class ReportJson : JsonSerializerContext
{
    internal static ReportJson Embedded { get; } = new(JsonStyle.Embedded());
}
