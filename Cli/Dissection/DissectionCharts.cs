using Interp.Cli.Charts;
using Interp.Engine.Dissection;
using static System.FormattableString;
using Result = Interp.Engine.Dissection.Dissection;

namespace Interp.Cli.Dissection;

/// <summary>The charts of a dissection.</summary>
internal static class DissectionCharts
{
    private const int MostBars = 60, MostCurves = 8;

    /// <summary>Detectors of each concept, by category, beside what chance gives; grey where none of them is significant.</summary>
    internal static Chart Bars(Result d, DissectionSummary summary)
    {
        var detectors = d.Units.Where(u => u.IsDetector).GroupBy(u => u.Concept).ToDictionary(g => g.Key, g => g.ToArray());
        int[] shown = [.. detectors.Keys.OrderByDescending(c => detectors[c].Length).ThenBy(c => c).Take(MostBars)];
        IEnumerable<Bar> bars =
            from c in shown
            let support = d.Concepts[c]
            orderby d.Categories.IndexOf(support.Concept.Category), detectors[c].Length descending, c
            let significant = detectors[c].Count(u => u.IsSignificant)
            select new Bar(support.Concept.Name, detectors[c].Length)
            {
                Group = support.Concept.Category,
                IsGrey = significant == 0,
                Chance = double.IsNaN(d.ExpectedByConcept[c]) ? null : d.ExpectedByConcept[c],
                Text = significant == detectors[c].Length ? $"{significant}" : $"{detectors[c].Length} ({significant})",
            };
        string more = detectors.Count > MostBars ? $" The {MostBars} concepts with the most of {detectors.Count}." : "";
        return Chart.Bars(new BarChart($"What {d.Layer} detects", "units", [.. bars])
        {
            Remarks =
            [
                Invariant($"{d.Counts.Detectors} of {d.Units.Length} units have IoU above {summary.Threshold}; ")
                    + Invariant($"by chance {summary.ExpectedByChance:0.0}.{more}"),
                "In brackets how many are significant; grey where none is. The short line across a bar is what chance gives.",
            ],
        });
    }

    /// <summary>Different concepts that layers detect, by category, over depth.</summary>
    internal static Chart Layers(IReadOnlyList<DissectionSummary> layers)
    {
        string[] categories = [.. layers.SelectMany(l => l.ByCategory.Select(c => c.Category)).Distinct()];
        Paint[] paints = ChartColors.Of(categories);
        return Chart.Lines(new LineChart(
            "Concepts by depth", "layer", "different concepts", [.. layers.Select(l => l.Layer)],
            [
                .. categories.Select(name => new Series(
                    name, [.. layers.Select(l => (double)(Of(l, name)?.UniqueSignificant ?? 0))])),
                .. categories.Select((name, i) => new Series(
                    $"{name}, all detectors", [.. layers.Select(l => (double)(Of(l, name)?.Unique ?? 0))])
                {
                    IsDashed = true,
                    Paint = paints[i],
                }),
            ])
        {
            Remarks = ["Concepts with a significant detector; dashed: with any unit above the threshold, chance among them."],
        });

        static CountLine? Of(DissectionSummary layer, string category) => layer.ByCategory.FirstOrDefault(c => c.Category == category);
    }

    /// <summary>What is left of classes as their most important units are taken away, beside as many random units.</summary>
    internal static Chart Ablation(string layer, IReadOnlyList<AblationCurve> curves, Func<int, string> label)
    {
        AblationCurve[] shown = [.. curves.Take(MostCurves)];
        string[] places = ["0", .. curves[0].Steps.Select(s => $"{s.Units}")];
        string more = curves.Count > MostCurves ? $" The first {MostCurves} of {curves.Count} classes." : "";
        return Chart.Lines(new LineChart(
            $"Classes without their units of {layer}", "units taken away", "balanced accuracy", places,
            [
                .. shown.Select(c => new Series(label(c.Class), [c.Intact, .. c.Steps.Select(s => s.Accuracy)])),
                new Series("random units", [Mean(c => c.Intact), .. curves[0].Steps.Select((_, i) => Mean(c => c.Steps[i].Random))])
                {
                    Intervals = [
                        (Mean(c => c.Intact), Mean(c => c.Intact)),
                        .. curves[0].Steps.Select((_, i) => (Mean(c => c.Steps[i].RandomLow), Mean(c => c.Steps[i].RandomHigh)))],
                    Paint = Paint.Ink,
                    IsDashed = true,
                },
            ])
        {
            Remarks =
            [
                "Units ranked on one half of the photos, measured on the other.",
                $"0.5 is a class that is never told from others.{more}",
            ],
            Shown = [0.5, 1],
        });

        double Mean(Func<AblationCurve, double> of) => curves.Average(of);
    }
}
