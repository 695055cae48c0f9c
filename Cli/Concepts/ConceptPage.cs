using System.Net;
using System.Text;
using Interp.Cli.Output;
using Interp.Cli.Reporting;
using Interp.Engine.Imaging;

namespace Interp.Cli.Concepts;

/// <summary>A concept test in one file that needs nothing beside it: scores beside chance, the controls, photos and maps.</summary>
/// <param name="manifest">The facts.</param>
/// <param name="images">The photos and maps.</param>
internal sealed class ConceptPage(ConceptTestManifest manifest, ConceptImages images)
{
    internal const string Name = "index.html";
    private const int SheetsShown = 3, MapsShown = 6;

    internal void Write(Stream stream)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), bufferSize: 1 << 16, leaveOpen: true);
        HtmlTemplate.Concepts.Write(writer, place =>
        {
            switch (place)
            {
                case "title":
                    writer.Write(Html($"Concepts at {manifest.Layer} of {manifest.Model}"));
                    break;
                case "summary":
                    writer.Write(Html(Summary()));
                    break;
                case "remarks":
                    foreach (string remark in manifest.Warnings.Concat(manifest.Remarks))
                    {
                        writer.Write($"<p class=\"remark\">{Html(remark)}</p>\n");
                    }

                    break;
                case "classes":
                    foreach (ClassLine c in manifest.Classes)
                    {
                        WriteClass(writer, c);
                    }

                    break;
                case "controls":
                    WriteControls(writer);
                    break;
                case "maps":
                    WriteMaps(writer);
                    break;
                case "made":
                    writer.Write(Html(
                        $"Interp {manifest.Version}, model {manifest.ModelHash}, {manifest.Backend} {manifest.InstructionSet}; "
                        + $"{manifest.Cav} with α {manifest.Alpha}, {manifest.Runs} directions a concept, seed {manifest.Seed}; "
                        + $"{manifest.Correction}"));
                    break;
                default:
                    throw new InvalidOperationException($"the template has an unknown place '{place}'");
            }
        });
    }

    private string Summary() =>
        $"The score is the share of a class's photos whose {manifest.Target} rises when the output of {manifest.Layer} moves towards the "
        + $"concept. Grey bars are concepts that random ones cannot be told from: {manifest.RandomConcepts} random concepts, drawn from "
        + $"{manifest.RandomSource}, went through the same, and 95 % of their scores lie in the band.";

    private void WriteClass(StreamWriter writer, ClassLine c)
    {
        writer.Write(
            $"<section class=\"numbers\">\n<h2>{Html($"{c.Class} {c.Label}")}</h2>\n<p class=\"summary\">{c.Images} photos, of which "
            + $"the network takes {c.Recognised} for it.</p>\n"
            + $"<figure>{ConceptChart.Of(manifest, c).Svg(inPage: true)}</figure>\n");
        writer.Write(
            "<table><caption>Scores</caption>\n<thead><tr><th>concept</th><th>score</th><th>chance</th><th>p</th><th>corrected</th>"
            + "<th>effect</th><th>t-test</th></tr></thead>\n<tbody>\n");
        foreach (ScoreLine s in c.Scores)
        {
            writer.Write(
                $"<tr><td>{Html(s.Concept)}</td><td>{s.Score:0.00} ± {s.Deviation:0.00}</td><td>{s.RandomLow:0.00}–{s.RandomHigh:0.00}"
                + $"</td><td>{s.P:0.0000}</td><td>{s.PCorrected:0.0000} {s.Stars}</td><td>{s.Effect:+0.0;−0.0;0.0}</td>"
                + $"<td>{(s.WelchCorrected < 1e-4
                    ? $"{s.WelchCorrected:0.0e+0}" : $"{s.WelchCorrected:0.0000}")} {s.WelchStars}</td></tr>\n");
        }

        writer.Write("</tbody></table>\n</section>\n<section>\n<h2>Its photos by sensitivity</h2>\n<p class=\"summary\">Left, those whose "
            + $"{manifest.Target} rises most towards the concept; right, those whose falls most.</p>\n<div class=\"units\">\n");
        foreach (ScoreLine s in c.Scores.OrderBy(s => s.P).ThenByDescending(s => Math.Abs(s.Effect)).Take(SheetsShown))
        {
            writer.Write($"<figure>\n<img alt=\"photos sorted by sensitivity to {Html(s.Concept)}\" "
                + $"src=\"{Data(images.Sorted[(c.Class, s.Concept)])}\">"
                + $"\n<figcaption><h3>{Html(s.Concept)} {s.Stars}</h3></figcaption>\n</figure>\n");
        }

        writer.Write("</div>\n</section>\n");
    }

    private void WriteControls(StreamWriter writer)
    {
        writer.Write("<dl>\n");
        if (manifest.FalsePositives is { } mine && manifest.WelchFalsePositives is { } usual)
        {
            Fact("held-out random concepts called significant at 0.05, where 5 % are due", Rate(mine));
            Fact("the same by the customary t-test over directions", Rate(usual));
        }

        Fact("accuracy of random concepts' directions on held-out images", Readable.Percent(manifest.RandomAccuracy));
        Fact("cosine between two directions of a random concept", $"{manifest.RandomCosine:0.00}");
        writer.Write("</dl>\n<table><caption>Directions</caption>\n<thead><tr><th>concept</th><th>images</th><th>accuracy</th><th>95 %</th>"
            + "<th>cosine</th></tr></thead>\n<tbody>\n");
        foreach (ConceptLine v in manifest.Concepts)
        {
            writer.Write($"<tr><td>{Html(v.Concept)}</td><td>{v.Images}</td><td>{v.Accuracy.Share:0.00}</td><td>{v.Accuracy.Low:0.00}–"
                + $"{v.Accuracy.High:0.00}</td><td>{v.Cosine:0.00}</td></tr>\n");
        }

        writer.Write(
            "</tbody></table>\n<p class=\"summary\">Accuracy says that images of the concept can be told from others. It does not say "
            + "that the class depends on it.</p>\n");

        void Fact(string name, string value) => writer.Write($"<div><dt>{Html(name)}</dt><dd>{Html(value)}</dd></div>\n");

        static string Rate(RateLine r) => $"{r.Count} of {r.Of}, {r.Share:0.0 %} ({r.Low:0.0 %} to {r.High:0.0 %})";
    }

    private void WriteMaps(StreamWriter writer)
    {
        if (images.Maps.Count == 0)
        {
            writer.Write($"<p class=\"none\">None: {ConceptTestFlags.Map.Name} names photos to draw them of.</p>\n");
            return;
        }

        writer.Write("<div class=\"units\">\n");
        foreach ((string photo, string label, string concept, double sensitivity, RgbImage overlay) in images.Maps
            .GroupBy(m => (m.Photo, m.Class)).SelectMany(g => g.OrderByDescending(m => Math.Abs(m.Sensitivity)).Take(MapsShown)))
        {
            writer.Write(
                $"<figure>\n<img alt=\"where {Html(concept)} matters in {Html(Path.GetFileName(photo))}\" src=\"{Data(overlay)}\">\n"
                + $"<figcaption><h3>{Html(concept)}</h3><dl><div><dt>{Html($"{Path.GetFileName(photo)}, {TargetWords.Short(label)}")}</dt>"
                + $"<dd>{Readable.Number(sensitivity)}</dd></div></dl></figcaption>\n</figure>\n");
        }

        writer.Write("</div>\n");
    }

    private static string Html(string text) => WebUtility.HtmlEncode(text);

    private static string Data(RgbImage image) => $"data:image/png;base64,{Convert.ToBase64String(PngChunks.Encode(image))}";
}
