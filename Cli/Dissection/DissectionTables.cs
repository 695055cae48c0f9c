using Interp.Cli.Output;
using Interp.Engine.Dissection;
using Result = Interp.Engine.Dissection.Dissection;

namespace Interp.Cli.Dissection;

/// <summary>The tables of a dissection: <c>units.csv</c> and <c>concepts.csv</c>.</summary>
internal static class DissectionTables
{
    /// <summary>A line for each unit; cells of what does not apply are empty.</summary>
    internal static string Units(Result dissection)
    {
        var table = new CsvTable();
        table.Add([
            "channel", "threshold", "label", "category", "iou", "ceiling", "precision", "recall", "lift", "p", "p_place", "q_bh", "images",
            "detector", "significant", "score", "mask_share", "remark", "label_even", "label_odd",
            .. dissection.Categories.SelectMany(
                c => new[] { $"{c}-label", $"{c}-truth", $"{c}-activation", $"{c}-intersect", $"{c}-iou" })]);
        foreach (UnitDissection u in dissection.Units)
        {
            ConceptSupport? label = dissection.LabelOf(u);
            table.Add([
                $"{u.Channel}", CsvTable.Number(u.Threshold), label?.Concept.Name ?? "", label?.Concept.Category ?? "",
                CsvTable.Number(u.Overlap.Iou), CsvTable.Number(u.Overlap.Ceiling), CsvTable.Number(u.Overlap.Precision),
                CsvTable.Number(u.Overlap.Recall), CsvTable.Number(u.Overlap.Lift), CsvTable.Number(u.P), CsvTable.Number(u.PPlace),
                CsvTable.Number(u.Q), $"{label?.Images ?? 0}", u.IsDetector ? "1" : "0", u.IsSignificant ? "1" : "0",
                CsvTable.Number(u.Score), CsvTable.Number(u.MaskShare), RemarkOf(u), NameOf(dissection, u.Halves.Even),
                NameOf(dissection, u.Halves.Odd),
                .. u.ByCategory.SelectMany(c => new[]
                {
                    NameOf(dissection, c.Concept), $"{c.Overlap.Truth}", $"{c.Overlap.Mask}", $"{c.Overlap.Intersection}",
                    CsvTable.Number(c.Overlap.Iou),
                })]);
        }

        return table.ToString();
    }

    /// <summary>A line for each concept, in the order of the columns of <c>iou.npy</c>.</summary>
    internal static string Concepts(Result dissection)
    {
        var table = new CsvTable();
        table.Add(["concept", "category", "images", "places", "share", "units", "detectors", "significant", "expected_by_chance"]);
        for (int c = 0; c < dissection.Concepts.Length; c++)
        {
            ConceptSupport support = dissection.Concepts[c];
            UnitDissection[] units = [.. dissection.Units.Where(u => u.Concept == c)];
            table.Add([
                support.Concept.Name, support.Concept.Category, $"{support.Images}", $"{support.Places}", CsvTable.Number(support.Share),
                $"{units.Length}", $"{units.Count(u => u.IsDetector)}", $"{units.Count(u => u.IsDetector && u.IsSignificant)}",
                CsvTable.Number(dissection.ExpectedByConcept[c])]);
        }

        return table.ToString();
    }

    /// <summary>What there is to say of a unit in a word: <c>dead</c>, never active here; <c>sparse</c>, threshold 0.</summary>
    internal static string RemarkOf(UnitDissection unit) => unit.IsDead ? "dead" : unit.IsSparse ? "sparse" : "";

    private static string NameOf(Result dissection, int concept) => concept < 0 ? "" : dissection.Concepts[concept].Concept.Name;
}
