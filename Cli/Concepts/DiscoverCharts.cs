using Interp.Cli.Charts;
using Interp.Cli.Output;

namespace Interp.Cli.Concepts;

/// <summary>Charts of discovered concepts.</summary>
internal static class DiscoverCharts
{
    /// <summary>A random direction at least as important in more than 5 % of cases: the bar is grey.</summary>
    private const double Level = 0.05;

    /// <summary>Importance with its interval, and how far random directions reach.</summary>
    internal static Chart Importance(DiscoverManifest manifest)
    {
        IReadOnlyList<double> random = manifest.RandomImportance;
        return Chart.Bars(new BarChart(
            $"What {TargetWords.Short(manifest.Label)} is recognised by at {manifest.Layer}", "importance: share of the logit's variance",
            [
                .. manifest.Concepts.Select(c => new Bar($"concept {c.Concept}", c.Importance)
                {
                    Interval = (c.Low, c.High),
                    IsGrey = c.P > Level,
                    Text = DiscoverTables.Two(c.Importance),
                }),
            ])
        {
            Remarks = random.Count == 0 ? [] : ["Grey: random directions are as important", "The band holds 95 % of the random directions"],
            Reference = random.Count == 0 ? null : new ReferenceLine(
                random[random.Count / 2], "random", (At(random, 0.975), At(random, 0.025))),
        });
    }

    /// <summary>The class's probability as concepts are removed or put in.</summary>
    internal static Chart Curve(DiscoverManifest manifest, string curve)
    {
        CurveLine[] lines = [.. manifest.Curves.Where(c => c.Curve == curve && c.Measure == "probability")];
        return Chart.Lines(new LineChart(
            curve == "deletion" ? "Concepts removed one after another" : "Concepts put in one after another",
            curve == "deletion" ? "concepts removed" : "concepts put in", "mean probability of the class",
            [.. Enumerable.Range(0, lines[0].Values.Count).Select(k => $"{k}")],
            [
                .. lines.Select(l => new Series($"by {l.Order}", l.Values)),
                new Series("random orders", lines[0].Random) { IsDashed = true },
            ]));
    }

    /// <summary>The value that a share of the values, sorted from the largest on, lies above.</summary>
    private static double At(IReadOnlyList<double> sorted, double share) => sorted[(int)Math.Min(sorted.Count - 1, share * sorted.Count)];
}
