using System.Globalization;
using Interp.Cli.Output;
using Interp.Engine.Concepts;

namespace Interp.Cli.Concepts;

/// <summary>The tables of a concept test.</summary>
internal static class ConceptTables
{
    private const int Printable = 12, Widest = 40;

    /// <summary><c>concepts.csv</c>: one line a class and concept.</summary>
    internal static string Concepts(ConceptTestResult result)
    {
        var table = new CsvTable();
        table.Add(["concept", "class", "score", "mean_sensitivity", "p", "p_corrected", "stars", "cav_accuracy"]);
        foreach ((ClassConcepts c, ConceptScore s, ConceptVector v) in Rows(result))
        {
            table.Add([s.Concept, Whole(c.Class), Number(s.Score), Number(s.Sensitivity), Number(s.P), Number(s.PCorrected), s.Stars,
                Number(v.Accuracy.Share)]);
        }

        return table.ToString();
    }

    /// <summary><c>scores.csv</c>: everything about each of them.</summary>
    internal static string Scores(ConceptTestResult result, int runs)
    {
        var table = new CsvTable();
        table.Add(["concept", "class", "label", "photos", "images", "runs", "score", "score_sd", "random_mean", "random_sd", "random_low",
            "random_high", "mean_sensitivity", "effect", "p", "p_corrected", "stars", "p_score", "p_sensitivity", "welch_t", "welch_df",
            "welch_p", "welch_p_bonferroni", "welch_stars", "cav_accuracy", "accuracy_low", "accuracy_high", "accuracy_concept",
            "accuracy_others", "cav_cosine"]);
        foreach ((ClassConcepts c, ConceptScore s, ConceptVector v) in Rows(result))
        {
            table.Add([s.Concept, Whole(c.Class), c.Label, Whole(c.Images.Length), Whole(v.Images), Whole(runs), Number(s.Score),
                Number(s.Deviation), Number(s.RandomMean), Number(s.RandomDeviation), Number(s.RandomRange.Low), Number(s.RandomRange.High),
                Number(s.Sensitivity), Number(s.Effect), Number(s.P), Number(s.PCorrected), s.Stars, Number(s.PScore),
                Number(s.PSensitivity), Number(s.Welch.T), Number(s.Welch.DegreesOfFreedom), Number(s.Welch.P), Number(s.WelchCorrected),
                s.WelchStars, Number(v.Accuracy.Share), Number(v.Accuracy.Low), Number(v.Accuracy.High), Number(v.ConceptAccuracy),
                Number(v.OthersAccuracy), Number(v.Cosine)]);
        }

        return table.ToString();
    }

    /// <summary><c>images.csv</c>: each photo's sensitivity to each concept.</summary>
    internal static string Images(ConceptTestResult result)
    {
        var table = new CsvTable();
        table.Add(["class", "image", "concept", "sensitivity", "share_of_runs"]);
        foreach (ClassConcepts c in result.Classes)
        {
            for (int i = 0; i < c.Images.Length; i++)
            {
                foreach (ConceptScore s in c.Scores)
                {
                    table.Add([Whole(c.Class), c.Images[i], s.Concept, Number(s.Sensitivities[i]), Number(s.Shares[i])]);
                }
            }
        }

        return table.ToString();
    }

    /// <summary>The table that is printed: of each class its least p-values.</summary>
    internal static TextTable Printed(ConceptTestManifest m)
    {
        var table = new TextTable("class", "concept", "score#", "chance", "p#", "corrected#", "", "effect#", "accuracy#", "t-test");
        foreach (ClassLine c in m.Classes)
        {
            foreach ((ScoreLine s, ConceptLine v) in c.Scores.Zip(m.Concepts).OrderBy(r => r.First.PCorrected).ThenBy(r => r.First.P)
                .ThenByDescending(r => Math.Abs(r.First.Effect)).Take(Printable))
            {
                table.Add(
                    $"{c.Class} {TargetWords.Short(c.Label)}", Readable.Cut(s.Concept, Widest), $"{s.Score:0.00}",
                    $"{s.RandomLow:0.00} to {s.RandomHigh:0.00}",
                    $"{s.P:0.0000}", $"{s.PCorrected:0.0000}", s.Stars, $"{s.Effect:+0.0;-0.0;0.0}", $"{v.Accuracy.Share:0.00}",
                    s.WelchStars);
            }
        }

        return table;
    }

    /// <summary>What is said below it.</summary>
    internal static IEnumerable<string> Words(ConceptTestManifest m)
    {
        if (m.Concepts.Count > Printable)
        {
            yield return $"{m.Layer}: the other {m.Concepts.Count - Printable} concepts of each class are in scores.csv";
        }

        yield return $"{m.Layer}: score = share of photos whose {m.Target} rises towards the concept; chance = 95 % of {m.RandomConcepts} "
            + $"random concepts, of {m.RandomSource}; p corrected by {m.Correction}";
        if (m.FalsePositives is { } mine && m.WelchFalsePositives is { } usual)
        {
            yield return $"{m.Layer}: of {mine.Of} tests of held-out random concepts, {mine.Count} ({mine.Share:0.0 %}) are significant at "
                + $"0.05, where 5 % are due; by the customary t-test {usual.Count} ({usual.Share:0.0 %})";
        }
    }

    private static IEnumerable<(ClassConcepts Class, ConceptScore Score, ConceptVector Vector)> Rows(ConceptTestResult result) =>
        from c in result.Classes
        from pair in c.Scores.Zip(result.Concepts)
        select (c, pair.First, pair.Second);

    private static string Number(double value) => CsvTable.Number(value);

    private static string Whole(int value) => value.ToString(CultureInfo.InvariantCulture);
}
