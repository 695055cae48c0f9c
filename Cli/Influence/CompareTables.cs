using System.Globalization;
using Interp.Cli.Charts;
using Interp.Cli.Output;
using static System.FormattableString;

namespace Interp.Cli.Influence;

/// <summary>All methods as a table, a chart and in words.</summary>
internal static class CompareTables
{
    /// <summary><c>compare.csv</c>.</summary>
    internal static string Csv(CompareManifest manifest)
    {
        var table = new CsvTable();
        table.Add(["method", "lds", "low", "high", "same_class", "overlap", "auroc", "auroc_low", "auroc_high", "seconds"]);
        foreach (MethodLine m in manifest.Methods)
        {
            table.Add(
            [
                m.Method,
                .. new double?[]
                {
                    m.Lds, m.Low, m.High, m.SameClass, m.Overlap, m.Auroc, m.AurocLow, m.AurocHigh, m.Seconds,
                }.Select(v => CsvTable.Number(v ?? double.NaN)),
            ]);
        }

        return table.ToString();
    }

    /// <summary>What is printed.</summary>
    internal static IEnumerable<string> Lines(CompareManifest manifest)
    {
        var table = new TextTable(
            "method", "lds#", "95 %", $"same class in {manifest.Top}#", "shared by two tests#", "wrong labels, auroc#", "95 %", "seconds#");
        foreach (MethodLine m in manifest.Methods)
        {
            table.Add(m.Method, Two(m.Lds), $"{Two(m.Low)} to {Two(m.High)}", Percent(m.SameClass), Percent(m.Overlap),
                m.Auroc is { } a ? Two(a) : "–", m.Auroc is null ? "" : $"{Two(m.AurocLow!.Value)} to {Two(m.AurocHigh!.Value)}",
                m.Seconds.ToString("0.0", CultureInfo.InvariantCulture));
        }

        table.Add("chance", "0.00", "", Percent(manifest.SameClassChance), Percent(manifest.OverlapChance),
            manifest.Planted is null ? "–" : "0.50", "", "");
        foreach (string line in table.Lines())
        {
            yield return line;
        }

        string which = manifest.Tests.Count > 0 ? "test images" : "held-out images, which no head here was trained on";
        yield return Invariant($"lds: Spearman's correlation of summed estimates with what {manifest.Subsets} heads say that were trained ")
            + Invariant($"on random halves of {Readable.Count(manifest.TrainingImages)} images; mean over {manifest.TestImages} {which}");
        if (manifest.Planted is { } share)
        {
            yield return Invariant($"wrong labels: {100 * share:0} % were made wrong in a copy; '–' where a method does not rank ")
                + "single images";
        }
    }

    /// <summary>The scores as bars.</summary>
    internal static Chart Chart(CompareManifest manifest) => Charts.Chart.Bars(new BarChart(
        "How well estimates foretell training on other images", "linear datamodel score: mean Spearman's correlation",
        [.. manifest.Methods.Select(m => new Bar(m.Method, m.Lds) { Interval = (m.Low, m.High), Text = Two(m.Lds) })])
    {
        Remarks = ["Whiskers: 95 % of a bootstrap over test images and halves; chance gives 0"],
        Shown = [0, 1],
    });

    private static string Two(double value) => value.ToString("0.00;-0.00;0.00", CultureInfo.InvariantCulture);

    private static string Percent(double share) => double.IsNaN(share) ? "–" : Invariant($"{100 * share:0.0} %");
}
