using System.Text.Json;
using Interp.Cli.Charts;
using Interp.Cli.Output;
using Interp.Cli.Reporting;
using Interp.Engine.Dissection;
using static System.FormattableString;
using static Interp.Cli.Reporting.PageParts;
using Result = Interp.Engine.Dissection.Dissection;

namespace Interp.Cli.Dissection;

/// <summary>What the page knows of a unit and a category: the best concept, and its IoU.</summary>
internal sealed record PageCategory(string Category, string? Label, double Iou);

/// <summary>What the page knows of a unit.</summary>
internal sealed record PageUnit(
    int Channel, string? Label, string? Category, double Iou, double Ceiling, double Precision, double Recall, double Lift, double P,
    double PPlace, double Q, int Images, bool Detector, bool Significant, string Remark, double MaskShare, string? Sheet,
    IReadOnlyList<PageCategory> Categories);

/// <summary>A layer's units in one page: a table to sort and to filter, and each unit's images and numbers.</summary>
/// <param name="dissection">The units.</param>
/// <param name="summary">What is said of all of them.</param>
/// <param name="bars">The chart of concepts.</param>
internal sealed class DissectionPage(Result dissection, DissectionSummary summary, Chart bars)
{
    internal void Write(Stream stream)
    {
        HtmlTemplate.Dissection.Write(stream, (writer, place) =>
        {
            switch (place)
            {
                case "title":
                    writer.Write(Html($"What {summary.Layer} of {summary.Model} has learned"));
                    break;
                case "summary":
                    writer.Write(Html(Summary()));
                    break;
                case "remarks":
                    foreach (string remark in summary.Remarks)
                    {
                        writer.Write($"<p class=\"remark\">{Html(remark)}</p>\n");
                    }

                    break;
                case "counts":
                    WriteCounts(writer);
                    break;
                case "bars":
                    writer.Write(bars.Svg(inPage: true));
                    break;
                case "made":
                    writer.Write(Html(Made()));
                    break;
                case "data":
                    writer.Write(JsonSerializer.Serialize([.. dissection.Units.Select(Of)], DissectionJson.Embedded.PageUnitArray));
                    break;
                default:
                    throw new InvalidOperationException($"the template has an unknown place '{place}'");
            }
        });
    }

    private string Summary()
    {
        string chance = summary.Permutations == 0 ? "How many of them chance would give was not asked. "
            : Invariant($"With the labels exchanged among the images, {summary.ExpectedByChance:0.0} units pass in the mean. ");
        string halves = double.IsNaN(summary.HalvesAgree) ? ""
            : Invariant($" Two halves of the images give {100 * summary.HalvesAgree:0} % of the detectors the same label, where ")
                + Invariant($"{100 * summary.HalvesAgreeByChance:0} % would agree by chance.");
        return Invariant($"{summary.Units} units, {summary.Concepts} concepts in {Readable.Count(summary.Images)} images. ")
            + Invariant($"{summary.Detectors} units pass IoU {summary.Threshold}, for {summary.Unique} concepts. {chance}")
            + Invariant($"{summary.Significant} units are significant at a false discovery rate of {summary.Alpha}.{halves}");
    }

    private string Made() => Invariant(
        $"Interp {Manifest.ProgramVersion}; labels {summary.Labels} ({summary.Layout}), grid {summary.Grid[0]}x{summary.Grid[1]}, maps ")
        + Invariant($"{summary.Map[0]}x{summary.Map[1]} enlarged by {summary.Upsample}; q {summary.Quantile}, masks really cover ")
        + Invariant($"{100 * summary.MaskShare:0.000} %; labels by {summary.Score}; masks count in images with a label of ")
        + (summary.Denominator == "all" ? "any category; " : "the category; ")
        + Invariant($"{summary.ConceptsLeftOut} concepts in fewer than {summary.MinImages} images left out; ")
        + Invariant($"{summary.Permutations} permutations, seed {summary.Seed}");

    private void WriteCounts(StreamWriter writer)
    {
        writer.Write("<table class=\"counts\">\n<thead><tr><th>category</th><th>detectors</th><th>by chance</th><th>significant</th>"
            + "<th>unique</th><th>unique, significant</th></tr></thead>\n<tbody>\n");
        foreach (CountLine c in summary.ByCategory)
        {
            string chance = double.IsNaN(c.ExpectedByChance) ? "" : Invariant($"{c.ExpectedByChance:0.0}");
            writer.Write($"<tr><th>{Html(c.Category)}</th><td>{c.Detectors}</td><td>{chance}</td><td>{c.Significant}</td>"
                + $"<td>{c.Unique}</td><td>{c.UniqueSignificant}</td></tr>\n");
        }

        writer.Write("</tbody>\n</table>\n");
    }

    private PageUnit Of(UnitDissection u)
    {
        ConceptSupport? label = dissection.LabelOf(u);
        return new PageUnit(
            u.Channel, label?.Concept.Name, label?.Concept.Category, u.Overlap.Iou, u.Overlap.Ceiling, u.Overlap.Precision,
            u.Overlap.Recall, u.Overlap.Lift, u.P, u.PPlace, u.Q, label?.Images ?? 0,
            u.IsDetector, u.IsSignificant, DissectionTables.RemarkOf(u),
            u.MaskShare, UnitSheets.HasOne(u) ? UnitSheets.NameOf(u) : null,
            [.. u.ByCategory.Select(c => new PageCategory(
                c.Category, c.Concept < 0 ? null : dissection.Concepts[c.Concept].Concept.Name, c.Overlap.Iou))]);
    }
}
