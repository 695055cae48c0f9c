using Interp.Cli.Output;
using Interp.Cli.Reporting;
using Interp.Engine.Imaging;
using static Interp.Cli.Reporting.PageParts;

namespace Interp.Cli.Examples;

/// <summary>All about one unit in one file that needs nothing beside it: optimised images, photos, distribution, and what its removal
/// does.</summary>
/// <param name="manifest">The facts.</param>
/// <param name="folder">Where the cut-outs are.</param>
/// <param name="marked">A whole image of an example, with the place marked.</param>
internal sealed class UnitPage(UnitManifest manifest, string folder, Func<ExampleLine, RgbImage> marked)
{
    private readonly TopImagesManifest _examples = manifest.Examples;
    private readonly UnitLine _unit = manifest.Examples.Units[0];

    /// <summary>The image that was optimised to excite the unit.</summary>
    internal RgbImage? Optimized { get; init; }

    /// <summary>The image that was optimised to do the opposite.</summary>
    internal RgbImage? Negative { get; init; }

    /// <summary>The dissection's images with the unit's masks, as a PNG file's bytes.</summary>
    internal byte[]? Masked { get; init; }

    internal void Write(Stream stream)
    {
        HtmlTemplate.Unit.Write(stream, (writer, place) =>
        {
            switch (place)
            {
                case "title":
                    writer.Write(Html($"{manifest.Unit} of {_examples.Model}"));
                    break;
                case "summary":
                    writer.Write(Html(Summary()));
                    break;
                case "remarks":
                    WriteRemarks(writer);
                    break;
                case "label":
                    new UnitNumbers(writer).WriteLabel(_unit.Label, _examples.Labelled is not null, _examples.Layer, Masked);
                    break;
                case "optimized":
                    WriteOptimized(writer);
                    break;
                case "most":
                    WriteExamples(writer, _unit.Most);
                    break;
                case "least":
                    WriteExamples(writer, _unit.Least);
                    break;
                case "distribution":
                    new UnitNumbers(writer).WriteDistribution(_unit.Statistics);
                    break;
                case "removal":
                    new UnitNumbers(writer).WriteRemoval(manifest.Removal, manifest.RemovalProblem);
                    break;
                case "made":
                    writer.Write(
                        Html(
                        $"Interp {_examples.Version}, model {_examples.ModelHash}, {_examples.Backend} {_examples.InstructionSet}; "
                        + $"ordered by {_examples.Rank}"));
                    break;
                default:
                    throw new InvalidOperationException($"the template has an unknown place '{place}'");
            }
        });
    }

    private string Summary()
    {
        FieldLine field = _examples.ReceptiveField;
        string stride = field.Stride is { } s ? $", every {s[0]} pixels" : "";
        string map = _examples.Shape.Count == 4 ? $"a map of {_examples.Shape[2]}×{_examples.Shape[3]}" : "one value";
        return $"Channel {_unit.Channel} of {_examples.Layer}, a {_examples.Kind} layer of {_examples.Shape[1]} channels, each {map}. "
            + $"One position sees at most {field.Width}×{field.Height} pixels{stride}. "
            + $"{Readable.Count(_examples.Images)} images were looked at.";
    }

    private void WriteRemarks(StreamWriter writer)
    {
        StatisticsLine s = _unit.Statistics;
        if (!_examples.Complete)
        {
            Remark($"Partial: the search was stopped, and everything here is about the first {_examples.Images} images of "
                + $"{_examples.Listed} files.");
        }

        if (_examples.Skipped > 0)
        {
            Remark($"{_examples.Skipped} of {_examples.Listed} files could not be read.");
        }

        if (s.Maximum <= 0)
        {
            Remark("The channel is above 0 nowhere in these images: what follows shows where it is least suppressed.");
        }

        if (s.Lowest == 0 && _unit.Least.Count > 0 && _unit.Least.All(e => e.Value == 0))
        {
            Remark("The least value is 0 in many images, as behind a ReLU: they are ordered by their means. The layer before the ReLU "
                + "tells them apart.");
        }

        void Remark(string text) => writer.Write($"<p class=\"remark\">{Html(text)}</p>\n");
    }

    private void WriteOptimized(StreamWriter writer)
    {
        if (Optimized is null && Negative is null)
        {
            writer.Write(
                "<p class=\"none\">None yet: ‘visualize’ with the same --out makes them, with and without --negative; then make this "
                + "page again.</p>\n");
            return;
        }

        writer.Write("<div class=\"units\">\n");
        Figure("Optimised to excite it", Optimized, manifest.Optimized, "largest", "best photo");
        Figure("Optimised to suppress it", Negative, manifest.Negative, "smallest", "lowest photo");
        writer.Write("</div>\n");

        void Figure(string title, RgbImage? image, OptimizedLine? line, string extreme, string rival)
        {
            if (image is null || line is null)
            {
                return;
            }

            writer.Write(
                $"<figure>\n<img alt=\"{title}\" width=\"{image.Width}\" height=\"{image.Height}\" "
                + $"src=\"{Data(image)}\">\n<figcaption>\n<h3>{title}</h3>\n<dl>\n");
            Fact($"{extreme} activation", Readable.Number(line.Extreme));
            Fact($"of the {rival}", Ratio(line.ExtremeRatio));
            Fact("mean of its map", Readable.Number(line.Mean));
            Fact($"of the {rival}", Ratio(line.MeanRatio));
            writer.Write("</dl>\n</figcaption>\n</figure>\n");
        }

        void Fact(string name, string value) => writer.Write($"<div><dt>{name}</dt><dd>{value}</dd></div>\n");

        static string Ratio(double? ratio) => ratio is { } r ? $"{r:0.00}×" : "not comparable";
    }

    private void WriteExamples(StreamWriter writer, IReadOnlyList<ExampleLine> examples)
    {
        writer.Write("<div class=\"units\">\n");
        foreach (ExampleLine e in examples)
        {
            string name = Html(Path.GetFileName(e.Image) + (e.Part is null ? "" : $"[{e.Part}]"));
            string crop = Data(File.ReadAllBytes(Path.Combine(folder, e.Crop)));
            writer.Write($"<figure>\n<div class=\"pair\"><img alt=\"what the place sees in {name}\" src=\"{crop}\">");
            writer.Write($"<img alt=\"where it is in {name}\" src=\"{Data(marked(e))}\"></div>\n<figcaption>\n<h3>{e.Rank}. {name}</h3>\n");
            writer.Write(
                $"<dl><div><dt>activation at {e.Y}, {e.X}</dt><dd>{Readable.Number(e.Value)}</dd></div><div><dt>mean of its "
                + $"map</dt><dd>{Readable.Number(e.Mean)}</dd></div></dl>\n</figcaption>\n</figure>\n");
        }

        writer.Write("</div>\n");
    }
}
