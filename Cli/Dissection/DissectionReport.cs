using Interp.Cli.Output;
using Interp.Engine.Dissection;

namespace Interp.Cli.Dissection;

/// <summary>What <c>dissect</c> prints when it is done.</summary>
internal static class DissectionReport
{
    /// <summary>The layers in a table, with what is to be said of them.</summary>
    internal static void Show(Invocation run, IReadOnlyList<(DissectionSummary Summary, string Folder)> layers)
    {
        DissectionSummary[] summaries = [.. layers.Select(l => l.Summary)];
        if (run.Json)
        {
            run.WriteJson(summaries, DissectionJson.Pretty.DissectionSummaryArray);
            return;
        }

        var table = new TextTable(
            "layer", "units#", "never active#", "detectors#", "by chance#", "significant#", "unique#", "halves agree#", "page");
        foreach ((DissectionSummary s, string folder) in layers)
        {
            table.Add(
                s.Layer, $"{s.Units}", $"{s.Dead}", $"{s.Detectors}", Chance(s), $"{s.Significant}", $"{s.Unique} ({s.UniqueSignificant})",
                Agreement(s), Readable.Path(Path.Combine(folder, "index.html")));
        }

        run.Write(table);
        foreach (IGrouping<string, string> remark in summaries.SelectMany(s => s.Remarks.Select(r => (r, s.Layer)))
            .GroupBy(p => p.r, p => p.Layer))
        {
            run.Note(remark.Count() == summaries.Length ? remark.Key : $"{string.Join(", ", remark)}: {remark.Key}");
        }

        static string Chance(DissectionSummary s) => double.IsNaN(s.ExpectedByChance) ? "not asked" : $"{s.ExpectedByChance:0.0}";

        static string Agreement(DissectionSummary s) => double.IsNaN(s.HalvesAgree) ? "none"
            : $"{100 * s.HalvesAgree:0} % (chance {100 * s.HalvesAgreeByChance:0} %)";
    }

    /// <summary>The classes in words: what each loses without its 16 most important units, and without random ones.</summary>
    internal static void Show(Invocation run, AblationManifest manifest)
    {
        if (run.Json)
        {
            return; // It is in the folder's manifest; standard output holds one document.
        }

        var table = new TextTable("class", "photos#", "whole#", "without its best units#", "without random ones#", "most important");
        foreach (AblationLine line in manifest.Classes)
        {
            AblationStep step = line.Steps.Last(s => s.Units <= 16);
            table.Add(
                TargetWords.Short(line.Label), $"{line.Photos}", $"{line.Intact:0.000}", $"{step.Accuracy:0.000} ({step.Units})",
                $"{step.Random:0.000}", string.Join(' ', line.Units.Take(5)));
        }

        run.Write(table);
    }
}
