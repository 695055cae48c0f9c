using System.Text.Json.Serialization;
using Interp.Cli.Output;
using Interp.Engine.LabelSets;

namespace Interp.Cli.LabelSets;

/// <summary>What <c>labels</c> finds in a set.</summary>
internal sealed record LabelsSummary(
    string Layout, string Source, int Images, int Read, int Unreadable, long Pixels, double UnlabelledShare, double UnknownShare,
    string PolygonRule, IReadOnlyList<string> Remarks, IReadOnlyList<LabelsProblem> Problems, IReadOnlyList<LabelsProblem> ImageRemarks,
    IReadOnlyList<ConceptLine> Concepts)
{
    internal static LabelsSummary Of(LabelSet set, LabelSurvey survey, string polygonRule) => new(
        set.Layout, set.Source, set.Count, survey.Images, survey.Problems.Length, survey.Pixels,
        (double)survey.Unlabelled / survey.Pixels, (double)survey.Unknown / survey.Pixels, polygonRule, set.Remarks,
        [.. survey.Problems.Select(p => new LabelsProblem(set.NameOf(p.Index), p.Line))],
        [.. survey.Remarks.Select(p => new LabelsProblem(set.NameOf(p.Index), p.Line))],
        [.. survey.Concepts.Select((c, i) => new ConceptLine(i + 1, c.Concept.Category, c.Concept.Name, c.Images, c.Pixels, c.Share))]);

    /// <summary>The concepts that occur, a category after the other, the largest first.</summary>
    internal TextTable Table()
    {
        var table = new TextTable("category", "concept", "images#", "share of pixels#");
        string[] categories = [.. Concepts.Select(c => c.Category).Distinct()];
        foreach (ConceptLine line in Concepts.Where(c => c.Images > 0)
            .OrderBy(c => Array.IndexOf(categories, c.Category)).ThenByDescending(c => c.Pixels).ThenBy(c => c.Label))
        {
            table.Add(line.Category, line.Concept, Readable.Count(line.Images), Readable.Percent(line.Share));
        }

        return table;
    }

    /// <summary>The last line.</summary>
    internal string Total()
    {
        int occur = Concepts.Count(c => c.Images > 0);
        string unknown = UnknownShare > 0 ? $", {Readable.Percent(UnknownShare)} unknown" : "";
        return $"{Layout}: {Readable.Count(Read)} of {Readable.Count(Images)} images read, {Readable.Count(occur)} of "
            + $"{Readable.Count(Concepts.Count)} concepts occur, {Readable.Percent(UnlabelledShare)} of the pixels have no label{unknown}";
    }

    /// <summary>All concepts as a table for programs.</summary>
    internal string Csv()
    {
        var csv = new CsvTable();
        csv.Add(["label", "category", "concept", "images", "pixels", "share"]);
        foreach (ConceptLine line in Concepts)
        {
            csv.Add([$"{line.Label}", line.Category, line.Concept, $"{line.Images}", $"{line.Pixels}", CsvTable.Number(line.Share)]);
        }

        return csv.ToString();
    }
}

/// <summary>An image and what is wrong or doubtful about it.</summary>
internal sealed record LabelsProblem(string Image, string Line);

/// <summary>A concept and how much of the set is labelled so.</summary>
internal sealed record ConceptLine(int Label, string Category, string Concept, int Images, long Pixels, double Share);

/// <summary>What <c>labels</c> prints and writes.</summary>
[JsonSerializable(typeof(LabelsSummary))]
internal sealed partial class LabelsJson : JsonSerializerContext
{
    internal static LabelsJson Pretty { get; } = new(JsonStyle.Pretty());
}
