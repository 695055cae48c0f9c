using Interp.Cli.Charts;
using Interp.Cli.Output;

namespace Interp.Cli.Influence;

/// <summary>Charts of one image's training images.</summary>
internal static class InfluenceCharts
{
    internal const string Bars = "influence", Scatter = "check", Curve = "removal";

    /// <summary>Those that there is something to draw for.</summary>
    internal static IEnumerable<(string Name, Chart Chart)> Of(QuestionManifest q)
    {
        if (q.Helpful.Count + q.Harmful.Count > 0)
        {
            yield return (Bars, BarsOf(q));
        }

        if (q.Checks.Count > 0)
        {
            yield return (Scatter, ScatterOf(q));
        }

        if (q.Removal is { Steps.Count: > 0 } removal)
        {
            yield return (Curve, CurveOf(q, removal));
        }
    }

    private static Chart BarsOf(QuestionManifest q)
    {
        bool isChecked = q.Checks.Count > 0;
        return Chart.Bars(new BarChart(
            $"Training images behind {TargetWords.Short(q.Label)}", "rise of the loss without the image, in nats",
            [.. Of(q.Helpful, "helpful"), .. Of(q.Harmful.Reverse(), "harmful")])
        {
            Remarks = isChecked ? ["Bars: a Newton step without the image; dots: trained again without it"]
                : ["A Newton step without the image; not checked by training again"],
            DotName = "true",
        });

        static IEnumerable<Bar> Of(IEnumerable<InfluenceLine> lines, string group) => lines.Select(l => new Bar(
            $"{TargetWords.Short(l.Label)}, {Path.GetFileName(l.TrainImage)}", l.Newton)
        {
            Group = group,
            Dot = l.Truth,
            Text = InfluenceTables.Signed(l.Newton),
        });
    }

    private static Chart ScatterOf(QuestionManifest q) => Chart.Points(new ScatterChart(
        "Estimate and truth", "estimated by a Newton step, in nats", "rise of the loss when trained again without the image",
        [Of("helpful", q.Helpful), Of("harmful", q.Harmful), Of("random", q.Random)])
    {
        Diagonal = "as estimated",
        Remarks = [InfluenceTables.Check(q, "all") is { } all ? Readable.Capitalised(all) : ""],
    });

    private static ScatterGroup Of(string name, IEnumerable<InfluenceLine> lines) => new(
        name,
        [
            .. lines.Where(l => l.Truth is not null)
                .Select(l => new ScatterPoint(l.Newton, l.Truth!.Value, InfluenceTables.FileOf(l))),
        ]);

    private static Chart CurveOf(QuestionManifest q, RemovalLine removal) => Chart.Lines(new LineChart(
        "Removed together", "training images removed", $"probability of {TargetWords.Short(q.Label)}",
        ["0", .. removal.Steps.Select(s => $"{s.Count}")],
        [
            new Series("the most helpful", [removal.Probability, .. removal.Steps.Select(s => s.Probability)]),
            new Series("random ones", [removal.Probability, .. removal.Steps.Select(s => s.Random.Average())])
            {
                Intervals = [(removal.Probability, removal.Probability), .. removal.Steps.Select(s => (s.Random.Min(), s.Random.Max()))],
                IsDashed = true,
            },
        ])
    {
        Remarks = ["Random ones are of the class first; the band reaches from the least to the largest of the random sets"],
    });
}
