using Interp.Cli.Evaluation;
using Interp.Cli.Output;
using Interp.Engine.Evidence;
using static Interp.Cli.Reporting.PageParts;

namespace Interp.Cli.Reporting;

/// <summary>What <c>evaluate</c> found as a page that needs nothing beside it: means, which methods can be told apart, and all
/// pairs.</summary>
internal static class EvaluationPage
{
    internal static void Write(string path, EvaluationFile file) => OutputFile.Write(path, "--out", stream =>
        HtmlTemplate.Table.Write(stream, (writer, place) =>
        {
            switch (place)
            {
                case "title":
                    writer.Write(Html($"How far maps of {file.Model} can be believed"));
                    break;
                case "summary":
                    writer.Write(Html(
                        $"Means over {file.Rows.Select(r => r.Image).Distinct().Count()} images ± standard errors; arrows say "
                        + "which way is better; methods in parentheses know nothing of the network: that is what chance gives."));
                    break;
                case "rows":
                    WriteRows(writer, EvaluationTable.Means(file).Rows);
                    break;
                case "missing":
                    WriteComparisons(writer, file);
                    break;
                case "made":
                    writer.Write(Html($"interp-cli {file.Version}, model {file.ModelHash}; "
                        + string.Join("; ", file.Settings.Select(s => $"{s.Key} {s.Value}"))));
                    break;
                default:
                    throw new InvalidOperationException($"the template has an unknown place '{place}'");
            }
        }));

    private static void WriteComparisons(TextWriter writer, EvaluationFile file)
    {
        if (file.Comparisons.Count == 0)
        {
            return;
        }

        writer.Write("<h2>Which methods can be told apart</h2>\n");
        WriteSentence(writer, ComparedMethods.Words(file));
        WriteScroll(writer, ComparedMethods.Table(file).Rows);
        writer.Write("<h2>All pairs</h2>\n");
        WriteSentence(writer, "mean differences within photos with their 95 % intervals; p by signed ranks, and corrected by Holm in each "
            + "column");
        WriteScroll(writer,
        [
            ["COLUMN", "FIRST", "SECOND", "PHOTOS", "DIFFERENCE", "INTERVAL", "P", "P, HOLM"],
            .. file.Comparisons.Select(c => (IReadOnlyList<string>)[
                c.Column, c.First, c.Second, $"{c.Photos}", $"{c.Difference:0.0000}", $"{c.Low:0.0000} to {c.High:0.0000}",
                $"{c.P:0.0000}", $"{c.PHolm:0.0000}{(c.IsApart ? " *" : "")}"]),
        ]);
    }

    private static void WriteScroll(TextWriter writer, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        writer.Write("<div class=\"scroll\" tabindex=\"0\"><table class=\"results\">\n");
        WriteRows(writer, rows);
        writer.Write("</table></div>\n");
    }

    private static void WriteRows(TextWriter writer, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        writer.Write($"<thead><tr>{string.Concat(rows[0].Select(c => $"<th scope=\"col\">{Html(c)}</th>"))}</tr></thead>\n<tbody>\n");
        foreach (IReadOnlyList<string> row in rows.Skip(1))
        {
            writer.Write($"<tr><th scope=\"row\">{Html(row[0])}</th>");
            writer.Write($"{string.Concat(row.Skip(1).Select(c => $"<td class=\"number\">{Html(c)}</td>"))}</tr>\n");
        }

        writer.Write("</tbody>\n");
    }
}
