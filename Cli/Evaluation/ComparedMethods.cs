using Interp.Cli.Output;
using Interp.Engine.Evidence;

namespace Interp.Cli.Evaluation;

/// <summary>Which methods can be told apart, by each number of which one way is better.</summary>
internal static class ComparedMethods
{
    /// <summary>The columns that are compared, of those that were measured.</summary>
    internal static IEnumerable<EvidenceColumn> Columns(IReadOnlyList<MethodSummary> methods) =>
        EvidenceCatalog.All.SelectMany(m => m.Columns)
            .Where(c => c.Better != Better.Neither && methods.Any(m => m.Columns.ContainsKey(c.Name)));

    /// <summary>All pairs of methods, and of methods and baselines, by each column.</summary>
    internal static IReadOnlyList<MethodComparison> Of(IReadOnlyList<EvaluationRow> rows)
    {
        IReadOnlyList<MethodSummary> methods = MethodSummary.Of(rows);
        string[] images = [.. rows.Select(r => r.Image).Distinct()];
        ILookup<(string, bool), EvaluationRow> byMethod = rows.ToLookup(r => (r.Method, r.Baseline));
        Dictionary<string, EvaluationRow>[] found = [
            .. methods.Select(m => byMethod[(m.Method, m.Baseline)].GroupBy(r => r.Image).ToDictionary(g => g.Key, g => g.First()))];
        return
        [
            .. Columns(methods).SelectMany(c => MethodComparison.Of(
                c.Name,
                [.. methods.Zip(found, (m, of) => (Name(m), (IReadOnlyList<double>)[
                    .. images.Select(i => of.TryGetValue(i, out EvaluationRow? row) ? row.Values.GetValueOrDefault(c.Name, double.NaN)
                        : double.NaN)]))],
                (a, b) => !methods[a].Baseline || !methods[b].Baseline)),
        ];
    }

    /// <summary>A row for each method: how many others it is better and worse than, by each column.</summary>
    internal static TextTable Table(EvaluationFile file)
    {
        EvidenceColumn[] columns = [.. Columns(file.Methods).Where(c => file.Comparisons.Any(p => p.Column == c.Name))];
        var table = new TextTable(["told apart", .. columns.Select(c => $"{c.Name}{EvaluationTable.Arrow(c.Better)}#")]);
        foreach (MethodSummary method in file.Methods)
        {
            table.Add([Name(method), .. columns.Select(c => Cell(file.Comparisons, c, Name(method)))]);
        }

        return table;
    }

    /// <summary>How the table is to be read, and what chance gives.</summary>
    internal static string Words(EvaluationFile file)
    {
        int pairs = file.Comparisons.GroupBy(c => c.Column).Max(g => g.Count());
        int photos = file.Comparisons.Max(c => c.Photos), fewest = MethodComparison.FewestPhotos(pairs);
        return photos < fewest
            ? $"{photos} {(photos == 1 ? "photo tells" : "photos tell")} none of {pairs} pairs of methods apart: "
                + $"{fewest} are the fewest that can"
            : $"better and worse than how many others, photo by photo (signed ranks, Holm for up to {pairs} pairs): if no two methods "
                + $"differed, {MethodComparison.Level:0 %} of such columns would have any; pairs with intervals are in comparisons.csv";
    }

    /// <summary>All comparisons as a file.</summary>
    internal static string Csv(IEnumerable<MethodComparison> comparisons)
    {
        var table = new CsvTable();
        table.Add(["column", "first", "second", "photos", "difference", "low", "high", "p", "p_holm"]);
        foreach (MethodComparison c in comparisons)
        {
            table.Add([c.Column, c.First, c.Second, $"{c.Photos}", .. new[] { c.Difference, c.Low, c.High, c.P, c.PHolm }
                .Select(CsvTable.Number)]);
        }

        return table.ToString();
    }

    internal static string Name(MethodSummary method) => method.Baseline ? $"({method.Method})" : method.Method;

    private static string Cell(IEnumerable<MethodComparison> comparisons, EvidenceColumn column, string method)
    {
        MethodComparison[] own = [.. comparisons.Where(c => c.Column == column.Name && (c.First == method || c.Second == method))];
        bool[] isBetter = [
            .. own.Where(c => c.IsApart).Select(c => (c.Difference > 0) == (c.First == method) == (column.Better == Better.Higher))];
        return own.Length == 0 ? "" : $"{isBetter.Count(b => b)} > {isBetter.Count(b => !b)} < of {own.Length}";
    }
}
