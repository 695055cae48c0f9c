using System.Text.Json;
using Interp.Engine.Common;

namespace Interp.Cli.Tables.Reading;

/// <summary>What a result is of, told from the fields of its manifest.</summary>
/// <param name="Name">The command that makes such results.</param>
/// <param name="Fields">The fields that no other kind has together.</param>
internal sealed record ResultKind(string Name, params IReadOnlyList<string> Fields)
{
    /// <summary>All kinds; where several fit, the first is taken. What fits none is <c>other</c>.</summary>
    internal static Catalog<ResultKind> All { get; } = new(
        "kind of result", k => k.Name,
        new("saliency", "method", "raw_min", "image"),
        new("visualize", "objective", "activation_after"),
        new("evaluate", "rows", "methods"),
        new("top-images", "units", "receptive_field"),
        new("unit", "unit", "examples.units"),
        new("dissect", "summary.detectors", "summary.layer"),
        new("dissect --ablate", "layer", "classes.0.steps"),
        new("concepts test", "cav", "concepts", "classes"),
        new("concepts discover", "random_importance", "concepts"),
        new("concepts relevance", "layer_relevance", "channels"),
        new("influence", "helpful", "harmful", "chosen_by"),
        new("other"));

    /// <summary>The kind of a manifest.</summary>
    internal static ResultKind Of(JsonElement manifest) => All.First(k => k.Fields.All(f => FieldPath.Find(manifest, f) is not null));
}
