using System.Text.Json;
using Interp.Cli.Output;
using Interp.Engine.Attribution;
using Interp.Engine.Imaging;
using Interp.Engine.Tensors;
using static Interp.Cli.Reporting.PageParts;

namespace Interp.Cli.Reporting;

/// <summary>One file of a report: the template with its images, maps and facts. One map at a time is in memory.</summary>
/// <param name="document">The facts, still without maps.</param>
/// <param name="images">The results of each image of this file.</param>
/// <param name="methods">The methods with their options, in the order of the document.</param>
/// <param name="drawing">How channels become one value.</param>
internal sealed class ReportPage(
    ReportDocument document, IReadOnlyList<IReadOnlyList<SaliencyLine>> images,
    IReadOnlyList<(AttributionMethod Method, OptionValues Options)> methods, ImageOptions drawing)
{
    private static readonly Dictionary<string, string> s_noSums = []; // A page has no files beside it.
    private readonly List<ReportMap> _maps = [];

    internal void Write(Stream stream)
    {
        HtmlTemplate.Report.Write(stream, (writer, place) =>
        {
            switch (place)
            {
                case "title":
                    writer.Write(Html($"Where {document.Model} looks"));
                    break;
                case "images":
                    WriteImages(writer);
                    break;
                case "maps":
                    WriteMaps(writer);
                    break;
                case "data":
                    writer.Write(JsonSerializer.Serialize(document with { Maps = _maps }, ReportJson.Embedded.ReportDocument));
                    break;
                default:
                    throw new InvalidOperationException($"the template has an unknown place '{place}'");
            }
        });
    }

    private void WriteImages(TextWriter writer)
    {
        for (int i = 0; i < images.Count; i++)
        {
            string folder = Path.GetDirectoryName(images[i][0].Folder)!;
            string png = Data(File.ReadAllBytes(Path.Combine(folder, ImageFolder.InputName)));
            string alt = Html($"{images[i][0].Name}, as the network saw it");
            writer.Write($"<img data-image=\"{i}\" alt=\"{alt}\" src=\"{png}\">\n");
        }
    }

    private void WriteMaps(TextWriter writer)
    {
        foreach ((int i, SaliencyLine line) in images.SelectMany((lines, i) => lines.Select(l => (i, l))))
        {
            int m = methods.ToList().FindIndex(c => c.Method.Name == line.Manifest.Method);
            (Shape shape, float[] values) = Npy.Read(Path.Combine(line.Folder, SaliencyWriter.ValuesName));
            (string look, float[] plane) = Plane(methods[m].Method.KindWith(methods[m].Options), shape, values);
            MapCode code = MapCode.Of(plane);
            string id = $"map-{_maps.Count}";
            Manifest manifest = line.Manifest with { Sha256 = s_noSums };
            _maps.Add(new ReportMap(id, i, m, look, shape[2], shape[1], code.Step, code.Low, code.Max, code.Clip, manifest));
            writer.Write($"<script type=\"text/plain\" id=\"{id}\">{code.Data}</script>\n");
        }
    }

    private (string Look, float[] Plane) Plane(AttributionKind kind, Shape shape, float[] values)
    {
        if (kind.IsMap())
        {
            return (kind == AttributionKind.SignedMap ? "signed" : "map", values);
        }

        ChannelReduction reduction = AttributionImages.ReductionOf(kind, drawing);
        return reduction == ChannelReduction.MaxAbs
            ? ("strength", ChannelReduction.Strongest.Apply(values, shape[0]))
            : ("signed", reduction.Apply(values, shape[0]));
    }
}
