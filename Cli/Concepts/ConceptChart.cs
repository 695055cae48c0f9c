using Interp.Cli.Charts;
using Interp.Cli.Output;

namespace Interp.Cli.Concepts;

/// <summary>The scores of a class as bars: grey where chance gives as much, with stars where it does not.</summary>
internal static class ConceptChart
{
    internal static Chart Of(ConceptTestManifest manifest, ClassLine c) => Chart.Bars(new BarChart(
        $"{TargetWords.Short(c.Label)}: concepts at {manifest.Layer}", "share of photos that rise towards the concept",
        [.. c.Scores.Select(s => new Bar(s.Concept, s.Score)
        {
            Interval = (Math.Max(0, s.Score - s.Deviation), Math.Min(1, s.Score + s.Deviation)),
            IsGrey = s.PCorrected >= Engine.Concepts.ConceptTest.Level,
            Stars = s.Stars,
            Text = $"{s.Score:0.00}",
        })])
    {
        Remarks =
        [
            $"{c.Images} photos of class {c.Class}; whiskers: standard deviation over {manifest.Runs} directions",
            $"band: 95 % of {manifest.RandomConcepts} random concepts, of {manifest.RandomSource}",
            $"grey: not significant after correction, {manifest.Correction}",
        ],
        Reference = new ReferenceLine(c.Scores[0].RandomMean, "chance", (c.Scores[0].RandomLow, c.Scores[0].RandomHigh)),
        Shown = [0, 1],
    });
}
