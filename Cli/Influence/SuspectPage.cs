using Interp.Cli.Output;
using Interp.Cli.Reporting;
using static Interp.Cli.Reporting.PageParts;

namespace Interp.Cli.Influence;

/// <summary>Suspects with their images, which lie beside the page.</summary>
/// <param name="manifest">The facts.</param>
internal sealed class SuspectPage(SuspectManifest manifest)
{
    internal void Write(Stream stream)
    {
        HtmlTemplate.Influence.Write(stream, (writer, place) =>
        {
            switch (place)
            {
                case "title":
                    writer.Write("Training images that may lie in the wrong folder");
                    break;
                case "summary":
                    string folder = Path.GetFileName(Path.TrimEndingDirectorySeparator(manifest.Head.Train));
                    writer.Write(Html($"{folder}, ranked by {manifest.By}. Each image is shown with its folder's class and with what the "
                        + "head says when it is trained without it."));
                    break;
                case "remarks":
                    foreach (string line in HeadContext.Words(manifest.Head, manifest.Model).Concat(SuspectTables.Words(manifest)))
                    {
                        WriteSentence(writer, line);
                    }

                    break;
                case "questions":
                    WriteRankings(writer);
                    WriteSuspects(writer);
                    break;
                case "made":
                    writer.Write(Html(
                        $"Interp {manifest.Version}, model {manifest.ModelHash}, {manifest.Backend} {manifest.InstructionSet}; seed "
                        + $"{manifest.Seed}"));
                    break;
                default:
                    throw new InvalidOperationException($"the template has an unknown place '{place}'");
            }
        });
    }

    private void WriteRankings(StreamWriter writer)
    {
        if (manifest.Planted is { } planted)
        {
            IReadOnlyList<string[]> rows = [.. SuspectTables.Rankings(planted)];
            writer.Write("<section class=\"numbers\">\n<h2>How well rankings find them</h2>\n");
            WriteTable(writer, SuspectTables.RankingColumns(planted), rows);
            writer.Write("</section>\n");
        }
    }

    private void WriteSuspects(StreamWriter writer)
    {
        writer.Write("<section class=\"question suspects\">\n<div class=\"units\">\n");
        foreach (SuspectLine s in manifest.Suspects)
        {
            string name = Html(Path.GetFileName(s.TrainImage));
            writer.Write($"<figure>\n<img loading=\"lazy\" alt=\"{name}\" src=\"{Html(s.Picture)}\">\n<figcaption>\n"
                + $"<h4>{s.Rank}. {Html(TargetWords.Short(s.Label))}</h4>\n<dl>\n");
            Fact("file", Path.GetFileName(s.TrainImage));
            Fact("the head says", FormattableString.Invariant($"{TargetWords.Short(s.SuggestedLabel)} {s.SuggestedProbability:0.00}"));
            Fact("its folder's class", FormattableString.Invariant($"{s.LabelProbability:0.00}"));
            Fact(manifest.By, Readable.Number(s.Scores[manifest.By]));
            if (s.Planted is { } planted)
            {
                Fact("label", planted ? "made wrong" : "as it was");
            }

            writer.Write("</dl>\n</figcaption>\n</figure>\n");
        }

        writer.Write("</div>\n</section>\n");

        void Fact(string name, string value) => writer.Write($"<div><dt>{Html(name)}</dt><dd>{Html(value)}</dd></div>\n");
    }
}
