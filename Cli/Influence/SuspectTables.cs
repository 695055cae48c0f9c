using System.Globalization;
using Interp.Cli.Output;
using Interp.Engine.Influence;
using static System.FormattableString;

namespace Interp.Cli.Influence;

/// <summary>Suspects as tables and in words.</summary>
internal static class SuspectTables
{
    private const int Printed = 20;

    /// <summary><c>mislabelled.csv</c>: all training images, the most suspect first.</summary>
    internal static string All(
        TrainingSet set, InfluenceProblem problem, int[] images, IReadOnlyDictionary<string, double[]> scores, int[] order,
        SuspectManifest manifest, PlantedCheck? check)
    {
        var table = new CsvTable();
        table.Add(["rank", "train_image", "class", "suggested", "suggested_probability", "label_probability", .. scores.Keys, "planted"]);
        for (int rank = 0; rank < order.Length; rank++)
        {
            int i = order[rank];
            SuspectLine? line = rank < manifest.Suspects.Count ? manifest.Suspects[rank] : null;
            table.Add(
            [
                $"{rank + 1}", set.Images[images[i]].Path, set.Names[problem.Train.Labels[i]], line?.Suggested ?? "",
                CsvTable.Number(line?.SuggestedProbability ?? double.NaN), CsvTable.Number(line?.LabelProbability ?? double.NaN),
                .. scores.Values.Select(s => CsvTable.Number(s[i])), check is null ? "" : check.Wrong[i] ? "true" : "false",
            ]);
        }

        return table.ToString();
    }

    /// <summary>What is printed.</summary>
    internal static IEnumerable<string> Lines(SuspectManifest manifest)
    {
        var table = new TextTable(
            "rank#", "training image", "folder", "without it the head says", "probability#", $"{manifest.By}#",
            manifest.Planted is null ? "" : "made wrong");
        foreach (SuspectLine s in manifest.Suspects.Take(Printed))
        {
            table.Add($"{s.Rank}", $"{Path.GetFileName(Path.GetDirectoryName(s.TrainImage))}/{Path.GetFileName(s.TrainImage)}",
                TargetWords.Short(s.Label), TargetWords.Short(s.SuggestedLabel), Two(s.SuggestedProbability),
                Readable.Number(s.Scores[manifest.By]), s.Planted switch { true => "yes", false => "no", null => "" });
        }

        foreach (string line in table.Lines())
        {
            yield return line;
        }

        foreach (string line in Words(manifest))
        {
            yield return line;
        }

        if (manifest.Planted is { } planted)
        {
            var rankings = new TextTable([.. RankingColumns(planted)]);
            foreach (string[] cells in Rankings(planted))
            {
                rankings.Add(cells);
            }

            foreach (string line in rankings.Lines())
            {
                yield return line;
            }
        }
    }

    /// <summary>What stands above <see cref="Rankings"/>.</summary>
    internal static IReadOnlyList<string> RankingColumns(PlantedLine p) =>
        ["ranking", "auroc#", "95 %", .. Looked(p, "found in"), .. p.Tests > 0 ? Looked(p, "then right,") : []];

    /// <summary>Every ranking beside the truth and beside chance.</summary>
    internal static IEnumerable<string[]> Rankings(PlantedLine p)
    {
        foreach (RankingLine r in p.Rankings)
        {
            IEnumerable<double> repaired = p.Tests > 0 ? r.Repaired : [];
            yield return
                [r.Name, Two(r.Auroc), $"{Two(r.Low)} to {Two(r.High)}", .. r.Recalls.Select(Percent), .. repaired.Select(Percent)];
        }

        IEnumerable<string> none = p.Tests > 0 ? p.Inspected.Select(_ => "") : [];
        yield return ["chance", "0.50", "", .. p.Inspected.Select(Percent), .. none];
    }

    private static IEnumerable<string> Looked(PlantedLine p, string words) => p.Inspected.Select(s => Invariant($"{words} {100 * s:0} %#"));

    /// <summary>What the list is worth.</summary>
    internal static IEnumerable<string> Words(SuspectManifest manifest)
    {
        yield return $"{manifest.OtherClass} of the {manifest.Suspects.Count} most suspect get another class from the head when it is "
            + "trained without them";
        if (manifest.Planted is not { } p)
        {
            yield return "no label is known to be wrong here: the list has as many images where all labels are right; look at them";
            yield return "how well such rankings find wrong labels among these images, --plant 0.1 measures";
            yield break;
        }

        int found = manifest.Suspects.Count(s => s.Planted == true);
        yield return Invariant($"{p.Wrong} of {p.Images} labels were made wrong; among the {manifest.Suspects.Count} most suspect are ")
            + Invariant($"{found}, by chance {(double)p.Wrong * manifest.Suspects.Count / p.Images:0.0} would be");
        if (p.Tests > 0)
        {
            yield return Invariant($"right on {p.Tests} held-out images: {Percent(p.AccuracyWrong)} with the wrong labels, ")
                + Invariant($"{Percent(p.AccuracyRight)} with all labels as they are; 'then right' is after those found are put right");
        }
    }

    private static string Two(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Percent(double share) => double.IsNaN(share) ? "–" : Invariant($"{100 * share:0.0} %");
}
