using Interp.Cli.Output;
using Interp.Cli.Reporting;
using Interp.Engine.Graph;
using static Interp.Cli.Reporting.PageParts;

namespace Interp.Cli.Adversarial;

/// <summary>Attacks in one file that needs nothing beside it: rates, curve, and of each result the images, which lie in it as PNG files as
/// they were saved.</summary>
/// <param name="run">The command's run.</param>
/// <param name="network">The network.</param>
/// <param name="lines">The results.</param>
/// <param name="curve">The curve, if there is one.</param>
/// <param name="transfer">What other models make of the images.</param>
internal sealed class AttackPage(
    Invocation run, Network network, IReadOnlyList<AttackLine> lines, CurveFile? curve, TransferFile? transfer)
{
    internal const string Name = "attack.html";
    private const int ResultsShown = 24, RowsShown = 500;

    /// <summary>Writes the page, and gives its path.</summary>
    internal string Write()
    {
        string path = Path.Combine(run.Get(AttackFlags.Out), Name);
        OutputFile.Write(path, AttackFlags.Out.Name, stream => HtmlTemplate.Attack.Write(stream, Fill));
        return path;
    }

    private void Fill(StreamWriter writer, string place)
    {
        switch (place)
        {
            case "title":
                writer.Write(Html($"Attacks on {network.Name}"));
                break;
            case "summary":
                writer.Write(Html(Summary()));
                break;
            case "remarks":
                foreach (string remark in AttackTables.Words(AttackTables.RatesOf(lines)).Concat(curve?.Alarms ?? []))
                {
                    writer.Write($"<p class=\"remark\">{Html(remark)}</p>\n");
                }

                break;
            case "overview":
                WriteOverview(writer);
                break;
            case "curve":
                if (curve is not null)
                {
                    writer.Write($"<section class=\"numbers\">\n<h2>Robust accuracy</h2>\n"
                        + $"<p class=\"summary\">{Html(string.Join(". ", CurveJob.Words(curve)))}.</p>\n"
                        + $"<figure>{CurveJob.ChartOf(curve).Svg(inPage: true)}</figure>\n{Table(CurveJob.Table(curve))}</section>\n");
                }

                break;
            case "transfer":
                if (transfer is not null)
                {
                    writer.Write("<section class=\"numbers\">\n<h2>Shown to other models</h2>\n<p class=\"summary\">Of the images that "
                        + $"mislead {Html(transfer.From)} once saved: those to which another model gives another answer than to the clean "
                        + $"ones, with 95 % intervals.</p>\n{Table(TransferJob.Table(transfer))}</section>\n");
                }

                break;
            case "results":
                foreach (AttackLine line in lines.Take(ResultsShown))
                {
                    new AttackSection(line).Write(writer);
                }

                if (lines.Count > ResultsShown)
                {
                    writer.Write(
                        $"<section><p class=\"none\">{lines.Count - ResultsShown} more results are in their folders.</p></section>\n");
                }

                break;
            case "made":
                AttackManifest m = lines[0].Manifest;
                writer.Write(Html(
                    $"Interp {m.Version}, model {m.ModelHash}, {m.Backend} {m.InstructionSet}; seed {m.Seed}, surface {m.Surface}"));
                break;
            default:
                throw new InvalidOperationException($"the template has an unknown place '{place}'");
        }
    }

    private string Summary()
    {
        int images = lines.Select(l => l.Image).Distinct().Count();
        return $"{(images == 1 ? "One image" : $"{images} images")}, {string.Join("; ", lines.Select(l => Words(l.Manifest)).Distinct())}. "
            + "Success is what the saved file does when it is read back, and beside it stands what noise of the same size does.";
    }

    /// <summary><c>pgd within linf 8/255</c>.</summary>
    internal static string Words(AttackManifest m) =>
        m.Epsilon is null ? $"{m.Method}, the nearest image in {m.Norm}" : $"{m.Method} within {m.Norm} {m.Epsilon}";

    private void WriteOverview(StreamWriter writer)
    {
        writer.Write("<section class=\"numbers\">\n<h2>Results</h2>\n");
        if (lines.Select(l => l.Image).Distinct().Count() > 1)
        {
            writer.Write($"{Table(AttackTables.Rates(AttackTables.RatesOf(lines)))}\n");
        }

        writer.Write($"{Table(AttackTables.Results(lines.Take(RowsShown)))}</section>\n");
    }

    private static string Table(TextTable table)
    {
        IReadOnlyList<IReadOnlyList<string>> rows = table.Rows;
        string head = string.Concat(rows[0].Select(c => $"<th>{Html(c.ToLowerInvariant())}</th>"));
        string body = string.Concat(rows.Skip(1).Select(r => $"<tr>{string.Concat(r.Select(c => $"<td>{Html(c)}</td>"))}</tr>\n"));
        return $"<div class=\"scroll\"><table class=\"wide\"><thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody></table></div>\n";
    }
}
