using Interp.Cli.Output;
using Interp.Cli.Reporting;
using static Interp.Cli.Reporting.PageParts;

namespace Interp.Cli.Concepts.Relevance;

/// <summary>One image's channels in one file that needs nothing beside it.</summary>
/// <param name="manifest">The facts.</param>
/// <param name="folder">Where the images are.</param>
internal sealed class RelevancePage(RelevanceManifest manifest, string folder)
{
    internal void Write(Stream stream)
    {
        HtmlTemplate.Relevance.Write(stream, (writer, place) =>
        {
            switch (place)
            {
                case "title":
                    string what = manifest.Label is { } label ? TargetWords.Short(label) : manifest.TargetDescription;
                    writer.Write(Html($"{Path.GetFileName(manifest.Image)}: {what}"));
                    break;
                case "summary":
                    writer.Write(Html(
                        $"Through which channels of {manifest.Layer} the {manifest.TargetDescription} passed: "
                        + $"{Readable.Number(manifest.Score)} started, {Readable.Number(manifest.LayerRelevance)} arrived at the layer. "
                        + "A map shows which pixels its channel's part comes from: red speaks for the target, blue against it."));
                    break;
                case "remarks":
                    foreach (string line in RelevanceSummary.Chance(manifest))
                    {
                        WriteSentence(writer, line);
                    }

                    break;
                case "image":
                    writer.Write("<div class=\"units\">\n");
                    Figure(writer, "layer/overlay.png", "All channels together", []);
                    writer.Write("</div>\n");
                    break;
                case "channels":
                    foreach (ChannelLine channel in manifest.Channels)
                    {
                        WriteChannel(writer, channel);
                    }

                    break;
                case "made":
                    writer.Write(Html(
                        $"Interp {manifest.Version}, model {manifest.Model} {manifest.ModelHash}, {manifest.Backend} "
                        + $"{manifest.InstructionSet}; composite {manifest.Composite}"));
                    break;
                default:
                    throw new InvalidOperationException($"the template has an unknown place '{place}'");
            }
        });
    }

    private void WriteChannel(StreamWriter writer, ChannelLine c)
    {
        string concept = c.Concept is { } unit ? $": {unit.Words}" : "";
        writer.Write($"<section>\n<h2>{c.Rank}. Channel {c.Channel}{Html(concept)}</h2>\n<div class=\"units\">\n");
        var facts = new List<(string, string)>
        {
            ("share of Σ|R|", Readable.Percent(c.Share)), ("relevance", Readable.Number(c.Relevance)),
            ("reaches the pixels", Readable.Number(c.MapSum)),
        };
        if (manifest.Photos is { } p)
        {
            facts.Add(("as far up, same class", $"{c.SamePhotos} of {p.Same}"));
            facts.Add(("other classes", $"{c.OtherPhotos} of {p.Others}"));
            facts.Add(("p, corrected", c.PCorrected is { } q ? Readable.Number(q) : "no photos"));
        }

        Figure(writer, $"{c.Channel}/overlay.png", "Here", facts);
        foreach (ReferenceLine r in c.Relevant)
        {
            Figure(writer, r.Crop, "Relies on it", [("photo", Path.GetFileName(r.Image)), ("class", TargetWords.Short(r.Label)),
                ("share", Readable.Percent(r.Value))]);
        }

        foreach (ReferenceLine r in c.Exciting)
        {
            Figure(writer, r.Crop, "Excites it", [("photo", Path.GetFileName(r.Image)), ("class", TargetWords.Short(r.Label)),
                ("activation", Readable.Number(r.Value))]);
        }

        writer.Write("</div>\n</section>\n");
    }

    private void Figure(StreamWriter writer, string file, string title, IReadOnlyList<(string Name, string Value)> facts)
    {
        string png = Data(File.ReadAllBytes(Path.Combine(folder, file)));
        writer.Write($"<figure>\n<img alt=\"{Html(title)}\" src=\"{png}\">\n<figcaption>\n<h3>{Html(title)}</h3>\n<dl>\n");
        foreach ((string name, string value) in facts)
        {
            writer.Write($"<div><dt>{Html(name)}</dt><dd>{Html(value)}</dd></div>\n");
        }

        writer.Write("</dl>\n</figcaption>\n</figure>\n");
    }
}
