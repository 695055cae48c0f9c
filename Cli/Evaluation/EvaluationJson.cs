using System.Text.Json;
using System.Text.Json.Serialization;
using Interp.Cli.Output;

namespace Interp.Cli.Evaluation;

/// <summary>The file of an evaluation.</summary>
[JsonSerializable(typeof(EvaluationFile))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(double))]
[JsonSerializable(typeof(bool))]
internal sealed partial class EvaluationJson : JsonSerializerContext
{
    internal static EvaluationJson Pretty { get; } = new(JsonStyle.Pretty());

    internal static EvaluationJson Strict { get; } = new(JsonStyle.Strict());
}
