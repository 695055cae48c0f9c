using Interp.Cli.Output;

namespace Interp.Cli.Visualization;

/// <summary>What <c>visualize</c> and <c>gallery</c> print when they are done.</summary>
internal static class VisualizeSummary
{
    internal static void Show(Invocation run, IReadOnlyList<VisualizeLine> lines)
    {
        var table = new TextTable("unit", "activation before#", "after#", "rank#", "steps#", "read back as", "probability#", "files in");
        foreach (VisualizeLine line in lines)
        {
            VisualizeManifest m = line.Manifest;
            PredictedClass? top = m.Prediction.Count > 0 ? m.Prediction[0] : null;
            table.Add(
                m.Description,
                Readable.Number(m.ActivationBefore),
                Readable.Number(m.ActivationAfter),
                m.Rank is { } rank ? $"{rank} of {m.Channels}" : "",
                $"{m.Steps}",
                top is null ? "" : $"{top.Class} {TargetWords.Short(top.Label)}",
                top is null ? "" : Readable.Percent(m.Class is null || m.Class == top.Class ? top.Probability : m.Probability),
                Readable.Path(line.Folder));
            foreach (string remark in m.Diagnosis)
            {
                run.Note($"{m.Description}: {remark}");
            }
        }

        run.Write(table);
    }
}
