using System.Globalization;
using Interp.Cli.Output;
using Interp.Engine.Influence;
using static System.FormattableString;

namespace Interp.Cli.Influence;

/// <summary>What <c>influence</c> found, as tables and in words.</summary>
internal static class InfluenceTables
{
    private static readonly string[] s_columns = ["image", "rank", "train_image", "class", "influence", "newton", "truth"];

    /// <summary><c>influence.csv</c> of one image: all training images, the most helpful first.</summary>
    internal static string Ranking(QuestionManifest manifest, IEnumerable<InfluenceLine> ranking)
    {
        var table = new CsvTable();
        table.Add(s_columns);
        foreach (InfluenceLine line in ranking)
        {
            table.Add([ImageOf(manifest), $"{line.Rank}", line.TrainImage, line.Class, CsvTable.Number(line.Influence),
                CsvTable.Number(line.Newton), CsvTable.Number(line.Truth ?? double.NaN)]);
        }

        return table.ToString();
    }

    /// <summary><c>methods.csv</c>: how each other estimate fares.</summary>
    internal static string Methods(InfluenceManifest manifest)
    {
        var table = new CsvTable();
        table.Add(["image", "method", "spearman", "spearman_random", "same_class", "shared", "retrained"]);
        foreach (QuestionManifest q in manifest.Questions)
        {
            int retrained = q.Checks.FirstOrDefault(c => c.Images == "all")?.Count ?? 0;
            foreach (RivalLine r in q.Methods)
            {
                table.Add([ImageOf(q), r.Method, .. new[] { r.Spearman, r.SpearmanRandom, r.SameClass }.Select(CsvTable.Number),
                    $"{r.Shared}", $"{retrained}"]);
            }
        }

        return table.ToString();
    }

    /// <summary>One image's lists for people.</summary>
    internal static IEnumerable<string> Lines(QuestionManifest q)
    {
        yield return $"{Readable.PathAndPart(q.Image, q.Part)}: {Asked(q)}";
        foreach (string same in q.SameImages)
        {
            yield return $"it is itself a training image: {Readable.Path(same)}";
        }

        foreach ((string title, string group, IReadOnlyList<InfluenceLine> lines) in new[]
        {
            ("helpful: without it, the loss rises", "helpful", q.Helpful), ("harmful: without it, the loss falls", "harmful", q.Harmful),
        })
        {
            yield return "";
            yield return title;
            var table = new TextTable("rank#", "training image", "class", "influence#", "newton#", "truth#");
            foreach (InfluenceLine line in lines)
            {
                table.Add($"{line.Rank}", FileOf(line), TargetWords.Short(line.Label), Signed(line.Influence), Signed(line.Newton),
                    line.Truth is { } t ? Signed(t) : "");
            }

            foreach (string line in lines.Count > 0 ? table.Lines() : ["none"])
            {
                yield return line;
            }

            if (Check(q, group) is { } check)
            {
                yield return check;
            }
        }

        yield return "";
        foreach (string group in (string[])["random", "all"])
        {
            if (Check(q, group) is { } check)
            {
                yield return check;
            }
        }

        foreach (string line in Rest(q))
        {
            yield return line;
        }

        if (q.Methods.Count > 0)
        {
            yield return "";
            var table = new TextTable([.. RivalColumns]);
            foreach (string[] cells in Rivals(q))
            {
                table.Add(cells);
            }

            foreach (string line in table.Lines())
            {
                yield return line;
            }
        }
    }

    /// <summary>What stands above <see cref="Rivals"/>.</summary>
    internal static IReadOnlyList<string> RivalColumns { get; } =
        ["method", "spearman with the truth#", "over the random ones#", "same class#", "also influence's#"];

    /// <summary>All estimates of one image beside the truth.</summary>
    internal static IEnumerable<string[]> Rivals(QuestionManifest q)
    {
        yield return [InfluenceMethods.Influence.Name, Two(Spearman("all")), Two(Spearman("random")), Share(q.SameClass), ""];
        foreach (RivalLine r in q.Methods)
        {
            yield return [r.Method, Two(r.Spearman), Two(r.SpearmanRandom), Share(r.SameClass), $"{r.Shared}"];
        }

        double Spearman(string group) => q.Checks.FirstOrDefault(c => c.Images == group)?.Influence.Spearman ?? double.NaN;
    }

    /// <summary>What is said of an image beside its lists.</summary>
    internal static IEnumerable<string> Rest(QuestionManifest q)
    {
        yield return $"of the helpful shown {Share(q.SameClass)} are of the class asked about, of all training images "
            + $"{Share(q.SameClassChance)} are";
        if (q.Removal is { } removal)
        {
            string flips = removal.Smallest is { } k
                ? $"without the {(k == 1 ? "most helpful one" : $"{k} most helpful together")} the head says something else"
                : "removing the most helpful does not change the answer";
            RemovalStepLine? last = removal.Steps.Count > 0 ? removal.Steps[^1] : null;
            yield return last is null ? flips : Invariant(
                $"{flips}; without {last.Count} its probability is {Two(last.Probability)}, without {last.Count} random ones, of the ")
                + Invariant($"class first, {Two(last.Random.Average())} ({last.RandomFlips} of {last.Random.Count} change the answer)");
        }
    }

    /// <summary>What was asked, in words.</summary>
    internal static string Asked(QuestionManifest q)
    {
        string why = q.ChosenBy switch
        {
            "network" => "which the network says",
            "head" => "which the head says",
            _ => "as asked",
        };
        string network = q.Network is { } n ? Invariant($"; the network: {TargetWords.Short(n.Label)} {Two(n.Probability)}") : "";
        return Invariant($"{TargetWords.Short(q.Label)}, {why}; the head gives it {Two(q.Probability)}, and says ")
            + Invariant($"{TargetWords.Short(q.Head.Label)} {Two(q.Head.Probability)}{network}");
    }

    /// <summary>How far the estimates of a group are right, or null where they were not checked.</summary>
    internal static string? Check(QuestionManifest q, string group)
    {
        if (q.Checks.FirstOrDefault(c => c.Images == group) is not { } check)
        {
            return null;
        }

        string which = group switch
        {
            "random" => Invariant($"and without each of {check.Count} random ones"),
            "all" => Invariant($"all {check.Count} together"),
            _ => Invariant($"checked by training again without each of {check.Count} of these"),
        };
        return $"{which}: Newton {Fit(check.Newton)}; first order {Fit(check.Influence)}";
    }

    /// <summary>A training image's folder and file.</summary>
    internal static string FileOf(InfluenceLine line) => $"{line.Class}/{Path.GetFileName(line.TrainImage)}";

    /// <summary>A change of loss.</summary>
    internal static string Signed(double value) => double.IsNaN(value) ? "" : Math.Abs(value) is >= 0.001 or 0
        ? value.ToString("+0.000;-0.000;0", CultureInfo.InvariantCulture)
        : value.ToString("+0.0e+0;-0.0e+0", CultureInfo.InvariantCulture);

    private static string Fit(FitLine f) => Invariant($"Pearson {Three(f.Pearson)}, Spearman {Three(f.Spearman)}, slope {Two(f.Slope)}");

    private static string Three(double value) => double.IsNaN(value) ? "–" : value.ToString("0.000", CultureInfo.InvariantCulture);

    private static string Two(double value) => double.IsNaN(value) ? "–" : value.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Share(double value) => double.IsNaN(value) ? "none" : Invariant($"{100 * value:0.#} %");

    private static string ImageOf(QuestionManifest question) => question.Image + (question.Part is { } part ? $"[{part}]" : "");
}
