using Spectre.Console;

namespace Interp.Cli.Output;

/// <summary>What <c>saliency</c> prints when it is done: a table, or the same as JSON.</summary>
internal static class SaliencySummary
{
    internal static void Show(Invocation run, IReadOnlyList<SaliencyLine> lines)
    {
        if (run.Json)
        {
            run.WriteJson(lines, CliJson.Pretty.IReadOnlyListSaliencyLine);
            return;
        }

        if (lines.Count == 0)
        {
            return;
        }

        Table table = Tables.Create("image", "class", "probability#", "method", "raw minimum#", "raw maximum#", "files in");
        string previous = "";
        foreach (SaliencyLine line in lines)
        {
            Manifest m = line.Manifest;
            bool again = previous == line.Name;
            table.Row(
                again ? "" : Tables.Path(m.Image),
                again ? "" : ClassOf(m),
                again ? "" : Tables.Percent(m.Probability),
                m.Method,
                Tables.Number(m.RawMin),
                Tables.Number(m.RawMax),
                Tables.Path(line.Folder));
            previous = line.Name;
            foreach (string remark in m.Diagnosis.Concat(m.Remarks))
            {
                run.Note($"{Tables.Path(m.Image)}, {m.Method}: {remark}");
            }
        }

        run.Write(table);
    }

    private static string ClassOf(Manifest m) => m.Class == m.TopClass
        ? $"{m.Class} {m.Label} (top)"
        : $"{m.Class} {m.Label}; top is {m.TopClass} {m.TopLabel}";
}
