using Interp.Cli.Output;
using Interp.Engine.Evidence;

namespace Interp.Tests.Docs.Generated;

/// <summary>Every metric with its numbers and its cost at the defaults.</summary>
internal static class MetricReference
{
    private const int Width = 118;

    public static IEnumerable<string> Lines()
    {
        yield return "";
        foreach (EvidenceMetric metric in EvidenceCatalog.All)
        {
            string columns = string.Join("; ", metric.Columns.Select(c => $"`{c.Name}`, {c.Title}{Arrow(c.Better)}"));
            EvidenceCost cost = metric.Cost(new EvidenceOptions());
            string[] passes =
            [
                .. cost.Forward > 0 ? (string[])[$"{cost.Forward} forward passes"] : [],
                .. cost.Attributions > 0 ? (string[])[cost.Attributions == 1 ? "1 attribution" : $"{cost.Attributions} attributions"] : [],
            ];
            string text =
                $"- **`{metric.Name}`**, {metric.Title}: {metric.Summary}. Gives {columns}. Costs "
                    + $"{(passes.Length == 0 ? "nothing" : string.Join(" and ", passes))}. {metric.Paper}.";
            foreach (string line in FilledText.Lines(text, Width, "  "))
            {
                yield return line.StartsWith("  - ", StringComparison.Ordinal) ? line[2..] : line;
            }
        }

        yield return "";
    }

    private static string Arrow(Better better) => better switch
    {
        Better.Higher => " ↑",
        Better.Lower => " ↓",
        _ => "",
    };
}
