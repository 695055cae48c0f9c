using System.Globalization;
using Interp.Cli.Output;
using Interp.Cli.Reporting;
using static Interp.Cli.Reporting.PageParts;

namespace Interp.Cli.Visualization;

/// <summary>All images of a gallery in one file that needs nothing beside it, each with its numbers and the curve of its
/// optimisation.</summary>
/// <param name="title">What the gallery shows.</param>
/// <param name="lines">The units in order.</param>
/// <param name="labels">What a dissection says of the channels, or null.</param>
internal sealed class GalleryPage(string title, IReadOnlyList<VisualizeLine> lines, UnitLabels? labels = null)
{
    private const int CurveWidth = 200;
    private const int CurveHeight = 50;

    internal void Write(Stream stream)
    {
        VisualizeManifest first = lines[0].Manifest;
        HtmlTemplate.Gallery.Write(stream, (writer, place) => Fill(writer, place, first));
    }

    private void Fill(StreamWriter writer, string place, VisualizeManifest first)
    {
        switch (place)
        {
            case "title":
                writer.Write(Html(title));
                break;
            case "summary":
                writer.Write(
                    Html(
                    $"{lines.Count} images optimised for {first.Model}. Each was saved, read back and classified; the numbers are of "
                    + "that image. The line is the objective, step by step."));
                break;
            case "units":
                foreach (VisualizeLine line in lines)
                {
                    WriteUnit(writer, line);
                }

                break;
            case "made":
                string options = string.Join(" ", first.Options.Where(o => $"{o.Value}".Length > 0).Select(o => $"--{o.Key} {o.Value}"));
                writer.Write(
                    Html(
                    $"Interp {first.Version}, model {first.ModelHash}, {first.Backend} {first.InstructionSet}, "
                    + $"seed {first.Seed}; {options}"));
                break;
            default:
                throw new InvalidOperationException($"the template has an unknown place '{place}'");
        }
    }

    private void WriteUnit(StreamWriter writer, VisualizeLine line)
    {
        VisualizeManifest m = line.Manifest;
        string name = Html(m.Description + (m.Negative ? ", negative" : ""));
        string png = Data(File.ReadAllBytes(Path.Combine(line.Folder, VisualizeJob.ImageName(0))));
        writer.Write(
            $"<figure>\n<img alt=\"{name}\" width=\"{m.Shape[2]}\" height=\"{m.Shape[1]}\" "
            + $"src=\"{png}\">\n<figcaption>\n<h2>{name}</h2>\n<dl>\n");
        if (m.Channel is { } channel && labels?.Of(channel) is { } label)
        {
            WriteFact(writer, "stands for", label.Words);
        }

        WriteFact(writer, "activation", $"{Readable.Number(m.ActivationBefore)} → {Readable.Number(m.ActivationAfter)}");
        if (m.Rank is { } rank)
        {
            WriteFact(writer, "rank in its layer", $"{rank} of {m.Channels}");
        }

        if (m.Prediction is [PredictedClass top, ..])
        {
            WriteFact(writer, "read back as", $"{top.Class} {TargetWords.Short(top.Label)}, {Readable.Percent(top.Probability)}");
            if (m.Class is not null && m.Class != top.Class)
            {
                WriteFact(writer, "its own class", Readable.Percent(m.Probability));
            }
        }

        WriteFact(writer, "steps", m.Stopped == "steps" ? $"{m.Steps}" : $"{m.Steps}, {m.Stopped}");
        writer.Write("</dl>\n");
        WriteCurve(writer, File.ReadAllLines(Path.Combine(line.Folder, VisualizeJob.CurveName)));
        foreach (string remark in m.Diagnosis)
        {
            writer.Write($"<p class=\"bad\">{Html(remark)}</p>\n");
        }

        writer.Write("</figcaption>\n</figure>\n");
    }

    private static void WriteFact(StreamWriter writer, string name, string value) =>
        writer.Write($"<div><dt>{name}</dt><dd>{Html(value)}</dd></div>\n");

    private static void WriteCurve(StreamWriter writer, string[] lines)
    {
        double[] values = [
            .. lines.Skip(1).Select(l => double.Parse(l.Split(',')[1], CultureInfo.InvariantCulture)).Where(double.IsFinite)];
        if (values.Length < 2)
        {
            return;
        }

        (double low, double high) = (values.Min(), values.Max());
        double range = high > low ? high - low : 1;
        IEnumerable<string> points = values.Select((v, i) => string.Create(
            CultureInfo.InvariantCulture,
            $"{(double)i * CurveWidth / (values.Length - 1):0.#},{CurveHeight - ((v - low) * CurveHeight / range):0.#}"));
        string label = Html(
            $"objective from {Readable.Number(values[0])} to {Readable.Number(values[^1])} in {values.Length} steps");
        writer.Write(
            $"<svg viewBox=\"0 0 {CurveWidth} {CurveHeight}\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{label}\"><line "
            + $"x1=\"0\" y1=\"{CurveHeight}\" x2=\"{CurveWidth}\" y2=\"{CurveHeight}\"/><polyline "
            + $"points=\"{string.Join(' ', points)}\"/></svg>\n");
    }
}
