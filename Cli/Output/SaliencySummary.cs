namespace Interp.Cli.Output;

/// <summary>What <c>saliency</c> prints when it is done: a table, or the same as JSON.</summary>
internal static class SaliencySummary
{
    internal static void Show(Invocation run, IReadOnlyList<SaliencyLine> lines)
    {
        if (run.Json)
        {
            run.WriteJson(lines, CliJson.Pretty.IReadOnlyListSaliencyLine);
            return;
        }

        if (lines.Count == 0)
        {
            return;
        }

        var table = new TextTable("image", "explained", "probability#", "method", "raw minimum#", "raw maximum#", "files in");
        string previous = "";
        foreach (SaliencyLine line in lines)
        {
            Manifest m = line.Manifest;
            bool again = previous == line.Name;
            table.Add(
                again ? "" : Readable.Path(m.Image),
                again ? "" : ExplainedBy(m),
                again || m.Probability is not { } probability ? "" : Readable.Percent(probability),
                m.Method,
                Readable.Number(m.RawMin),
                Readable.Number(m.RawMax),
                Readable.Path(line.Folder));
            previous = line.Name;
            foreach (string remark in m.Diagnosis.Concat(m.Remarks))
            {
                run.Note($"{Readable.Path(m.Image)}, {m.Method}: {remark}");
            }
        }

        run.Write(table);
    }

    private static string ExplainedBy(Manifest m)
    {
        string top = m.TopLabel is not { } label ? ""
            : m.Class == m.TopClass && !m.IsUnit ? " (top)"
            : $"; top is {m.TopClass} {TargetWords.Short(label)}";
        return $"{TargetWords.Named(m)}{top}{(m.IsUnit || m.Target == "logit" ? "" : $", {m.Target}")}";
    }
}
