using System.Text.Json;
using Interp.Engine.Common;

namespace Interp.Cli.Tables.Reading;

/// <summary>What a result is of, told from the fields of its manifest.</summary>
/// <param name="Name">The command that makes such results.</param>
/// <param name="Fields">The fields that no other kind has together.</param>
internal sealed record ResultKind(string Name, params IReadOnlyList<string> Fields)
{
    /// <summary>What fits none.</summary>
    internal static ResultKind Other { get; } = new("other");

    /// <summary>All kinds; where several fit, the first is taken.</summary>
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
        new("attack", "after", "distances", "surface"),
        new("attack --curve", "epsilons", "curves"),
        new("attack --transfer", "from", "models", "rows"),
        new("influence", "helpful", "harmful", "chosen_by"),
        new("influence of all images", "questions", "head"),
        new("influence --mislabelled", "suspects", "head"),
        new("influence --compare", "overlap_chance", "methods"),
        Other);

    /// <summary>The kind of a manifest.</summary>
    internal static ResultKind Of(JsonElement manifest) => All.First(k => k.Fields.All(f => FieldPath.Find(manifest, f) is not null));
}
