using Interp.Cli.Output;
using Interp.Engine.Evidence;

namespace Interp.Cli.Evaluation;

/// <summary>The means over images as <c>evaluate</c> prints them, with an arrow where more or less is better.</summary>
internal static class EvaluationTable
{
    internal static void Show(Invocation run, EvaluationFile file)
    {
        if (run.Json)
        {
            run.WriteJson(file, EvaluationJson.Pretty.EvaluationFile);
            return;
        }

        run.Write(Means(file));
        if (file.Comparisons.Count > 0)
        {
            run.Write(ComparedMethods.Table(file));
            run.Note(ComparedMethods.Words(file));
        }

        foreach ((string name, string sample) in file.Rows.Where(r => !r.Baseline).SelectMany(r => r.Verdicts).GroupBy(
            v => v.Key, (k, v) => (k, v.First().Value)))
        {
            run.Note($"{name}: {sample}{(file.Rows.Count > 1 ? " (the first one)" : "")}");
        }
    }

    /// <summary>A row for each method with the means of its numbers.</summary>
    internal static TextTable Means(EvaluationFile file)
    {
        EvidenceColumn[] columns = [
            .. EvidenceCatalog.All.SelectMany(m => m.Columns).Where(c => file.Methods.Any(m => m.Columns.ContainsKey(c.Name)))];
        var table = new TextTable(["method", "images#", .. columns.Select(c => $"{c.Name}{Arrow(c.Better)}#"), "verdicts"]);
        foreach (MethodSummary method in file.Methods)
        {
            table.Add(
            [
                ComparedMethods.Name(method),
                $"{method.Images}",
                .. columns.Select(c => Text(method.Columns.GetValueOrDefault(c.Name), method.Images)),
                string.Join(", ", method.Verdicts.Select(v => $"{v.Key} {v.Value}")),
            ]);
        }

        return table;
    }

    /// <summary>An arrow that says which way is better.</summary>
    internal static string Arrow(Better better) => better switch
    {
        Better.Higher => " ↑",
        Better.Lower => " ↓",
        _ => "",
    };

    /// <summary>Mean and standard error, and of how many images if not of all.</summary>
    private static string Text(Mean? mean, int images) => mean is null or { Count: 0 } ? ""
        : $"{mean.Value:0.000}{(mean.Count > 1 ? $" ± {mean.StandardError:0.000}" : "")}{(mean.Count < images ? $" of {mean.Count}" : "")}";
}
