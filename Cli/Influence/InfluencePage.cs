using Interp.Cli.Charts;
using Interp.Cli.Output;
using Interp.Cli.Reporting;
using static Interp.Cli.Reporting.PageParts;

namespace Interp.Cli.Influence;

/// <summary>All images that were asked about in one page, with the images that lie in their folders.</summary>
/// <param name="manifest">The facts.</param>
internal sealed class InfluencePage(InfluenceManifest manifest)
{
    internal void Write(Stream stream)
    {
        HtmlTemplate.Influence.Write(stream, (writer, place) =>
        {
            switch (place)
            {
                case "title":
                    writer.Write(Html($"Which training images made these predictions of {manifest.Model}"));
                    break;
                case "summary":
                    writer.Write(Html("A head is trained on the training images' features, and for each image it is asked what its loss "
                        + "would be without one of them. Helpful: without it, the loss rises. Harmful: without it, the loss falls."));
                    break;
                case "remarks":
                    WriteRemarks(writer);
                    break;
                case "questions":
                    foreach (QuestionManifest q in manifest.Questions)
                    {
                        WriteQuestion(writer, q);
                    }

                    break;
                case "made":
                    QuestionManifest? one = manifest.Questions.Count > 0 ? manifest.Questions[0] : null;
                    writer.Write(Html(FormattableString.Invariant(
                        $"Interp {manifest.Version}, model {manifest.ModelHash}, {one?.Backend} {one?.InstructionSet}; seed {one?.Seed}")));
                    break;
                default:
                    throw new InvalidOperationException($"the template has an unknown place '{place}'");
            }
        });
    }

    private void WriteRemarks(StreamWriter writer)
    {
        foreach (string line in HeadContext.Words(manifest.Head, manifest.Model))
        {
            WriteSentence(writer, line);
        }

        if (HeadContext.Doubt(manifest.Head) is { } doubt)
        {
            Remark(writer, doubt);
        }

        if (!manifest.Complete)
        {
            Remark(writer, "Partial: the run was stopped before all images were done.");
        }
    }

    private static void WriteQuestion(StreamWriter writer, QuestionManifest q)
    {
        string name = Html(Path.GetFileName(q.Image) + (q.Part is { } part ? $"[{part}]" : ""));
        writer.Write($"<section class=\"question\">\n<h2>{name}</h2>\n<p class=\"summary\">{Html(InfluenceTables.Asked(q))}</p>\n");
        foreach (string warning in q.Warnings)
        {
            Remark(writer, warning);
        }

        foreach (string same in q.SameImages)
        {
            Remark(writer, $"It is itself a training image: {same}");
        }

        bool hasMaps = q.Files.Contains(InfluencePictures.TestMapName);
        writer.Write("<div class=\"units asked\">\n<figure>\n<div class=\"pair\">");
        Image(writer, q, InfluencePictures.TestName, $"{name}");
        if (hasMaps)
        {
            Image(writer, q, InfluencePictures.TestMapName, $"where the head sees the class in {name}");
        }

        string caption = hasMaps ? "Beside it, where the head sees the class that was asked about." : "";
        writer.Write($"</div>\n<figcaption>{caption}</figcaption>\n</figure>\n</div>\n");
        WriteList(writer, q, "Helpful: without it, the loss rises", "helpful", q.Helpful);
        WriteList(writer, q, "Harmful: without it, the loss falls", "harmful", q.Harmful);
        writer.Write("<div class=\"numbers\">\n");
        foreach (string? line in (IEnumerable<string?>)[
            InfluenceTables.Check(q, "random"), InfluenceTables.Check(q, "all"), .. InfluenceTables.Rest(q)])
        {
            if (line is not null)
            {
                WriteSentence(writer, line);
            }
        }

        if (q.Methods.Count > 0)
        {
            WriteTable(writer, InfluenceTables.RivalColumns, InfluenceTables.Rivals(q));
        }

        foreach ((_, Chart chart) in InfluenceCharts.Of(q))
        {
            writer.Write($"<figure class=\"drawn\">{chart.Svg(inPage: true)}</figure>\n");
        }

        writer.Write("</div>\n</section>\n");
    }

    private static void WriteList(StreamWriter writer, QuestionManifest q, string title, string group, IReadOnlyList<InfluenceLine> lines)
    {
        writer.Write($"<h3 class=\"list\">{title}</h3>\n");
        if (lines.Count == 0)
        {
            writer.Write("<p class=\"none\">None.</p>\n");
            return;
        }

        writer.Write("<div class=\"units\">\n");
        foreach (InfluenceLine line in lines)
        {
            string name = Html(InfluenceTables.FileOf(line));
            writer.Write("<figure>\n<div class=\"pair\">");
            Image(writer, q, line.Picture, name);
            Image(writer, q, line.Map, $"where the head sees the class asked about in {name}");
            writer.Write($"</div>\n<figcaption>\n<h4>{line.Rank}. {Html(TargetWords.Short(line.Label))}</h4>\n<dl>\n");
            Fact("file", Path.GetFileName(line.TrainImage));
            Fact("Newton", InfluenceTables.Signed(line.Newton));
            Fact("truth", line.Truth is { } t ? InfluenceTables.Signed(t) : "not retrained");
            Fact("first order", InfluenceTables.Signed(line.Influence));
            writer.Write("</dl>\n</figcaption>\n</figure>\n");
        }

        writer.Write("</div>\n");
        if (InfluenceTables.Check(q, group) is { } check)
        {
            WriteSentence(writer, check, "summary check");
        }

        void Fact(string name, string value) => writer.Write($"<div><dt>{name}</dt><dd>{Html(value)}</dd></div>\n");
    }

    /// <summary>An image of the question's folder; <paramref name="alt"/> is markup already.</summary>
    private static void Image(StreamWriter writer, QuestionManifest q, string? file, string alt)
    {
        if (file is not null)
        {
            string address = string.Join('/', $"{q.Folder.Replace('\\', '/')}/{file}".Split('/').Select(Uri.EscapeDataString));
            writer.Write($"<img loading=\"lazy\" alt=\"{alt}\" src=\"{address}\">");
        }
    }

    private static void Remark(StreamWriter writer, string text) => writer.Write($"<p class=\"remark\">{Html(text)}</p>\n");
}
