using Interp.Cli.Charts;
using Interp.Cli.Output;
using Interp.Cli.Reporting;
using Interp.Engine.Imaging;
using static Interp.Cli.Reporting.PageParts;

namespace Interp.Cli.Concepts;

/// <summary>Discovered concepts in one file that needs nothing beside it: crops, maps, importance, and how far all of it can be
/// trusted.</summary>
/// <param name="manifest">The facts.</param>
/// <param name="sheets">Each concept's crops and maps.</param>
/// <param name="importance">The bars.</param>
/// <param name="curves">Deletion and insertion.</param>
internal sealed class DiscoverPage(
    DiscoverManifest manifest, IReadOnlyList<RgbImage> sheets, Chart importance, IReadOnlyList<Chart> curves)
{
    internal const string Name = "index.html";

    internal void Write(Stream stream)
    {
        HtmlTemplate.Discovery.Write(stream, (writer, place) =>
        {
            switch (place)
            {
                case "title":
                    writer.Write(Html(
                        $"What {TargetWords.Short(manifest.Label)} is recognised by at {manifest.Layer} of {manifest.Model}"));
                    break;
                case "summary":
                    writer.Write(Html(Summary()));
                    break;
                case "remarks":
                    foreach (string remark in manifest.Warnings)
                    {
                        writer.Write($"<p class=\"remark\">{Html(remark)}</p>\n");
                    }

                    break;
                case "importance":
                    WriteChart(writer, importance);
                    break;
                case "concepts":
                    for (int j = 0; j < sheets.Count; j++)
                    {
                        WriteConcept(writer, manifest.Concepts[j], sheets[j]);
                    }

                    break;
                case "trust":
                    WriteTrust(writer);
                    break;
                case "made":
                    writer.Write(Html(
                        $"Interp {manifest.Version}, model {manifest.ModelHash}, {manifest.Backend} {manifest.InstructionSet}; "
                        + $"{manifest.Samples} samples, {manifest.RandomSets} random sets, {manifest.RandomOrders} random orders, seed "
                        + $"{manifest.Seed}"));
                    break;
                default:
                    throw new InvalidOperationException($"the template has an unknown place '{place}'");
            }
        });
    }

    private string Summary() =>
        $"{manifest.Crops} crops of {manifest.Patch}×{manifest.Patch} pixels from {manifest.Images.Count} images, written as sums of "
        + $"{manifest.Concepts.Count} directions of the layer's {manifest.Shape[1]} channels. A concept's name is yours to give: the "
        + "program finds what goes together, not what it means.";

    private static void WriteConcept(StreamWriter writer, DiscoveredLine c, RgbImage sheet)
    {
        writer.Write($"<figure>\n<img alt=\"crops and maps of concept {c.Concept}\" src=\"{Data(sheet)}\">\n<figcaption>\n"
            + $"<h3>Concept {c.Concept}</h3>\n<dl>\n");
        Fact("importance", $"{DiscoverTables.Two(c.Importance)} ({DiscoverTables.Two(c.Low)} to {DiscoverTables.Two(c.High)})");
        Fact("random directions: p", double.IsNaN(c.P) ? "not measured" : $"{c.P:0.000}");
        Fact("adds to the logit",
            $"{DiscoverTables.Two(c.Effect)} ({DiscoverTables.Two(c.EffectLow)} to {DiscoverTables.Two(c.EffectHigh)})");
        Fact("share of the crops", Readable.Percent(c.Share));
        Fact("cosine with half of the images", DiscoverTables.Two(c.Stability));
        writer.Write("</dl>\n</figcaption>\n</figure>\n");

        void Fact(string name, string value) => writer.Write($"<div><dt>{name}</dt><dd>{value}</dd></div>\n");
    }

    private void WriteTrust(StreamWriter writer)
    {
        foreach (string line in DiscoverTables.Words(manifest))
        {
            writer.Write($"<p class=\"summary\">{Html(line)}.</p>\n");
        }

        foreach (Chart chart in curves)
        {
            WriteChart(writer, chart);
        }
    }

    private static void WriteChart(StreamWriter writer, Chart chart) =>
        writer.Write($"<figure class=\"drawn\">{chart.Svg(inPage: true)}</figure>\n");
}
