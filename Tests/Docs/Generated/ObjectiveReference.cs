using Interp.Engine.Visualization.Objectives.Parsing;

namespace Interp.Tests.Docs.Generated;

/// <summary>Every objective that has a name, as <c>--objective</c> takes it.</summary>
internal static class ObjectiveReference
{
    public static IEnumerable<string> Lines() =>
    [
        "",
        "| objective | what it is |",
        "| --- | --- |",
        .. ObjectiveCatalog.All.Select(form => $"| `{form.Usage.Replace("|", "\\|", StringComparison.Ordinal)}` | {form.Summary} |"),
        "",
    ];
}
