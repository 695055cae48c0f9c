using System.Globalization;
using System.Text;
using Interp.Cli.Charts;
using Interp.Cli.Output;
using Interp.Engine.Imaging;
using static Interp.Cli.Reporting.PageParts;

namespace Interp.Cli.Adversarial;

/// <summary>One result on a page: the images, the answers before and after, the way there, maps, units and layers.</summary>
/// <param name="line">The result.</param>
internal sealed class AttackSection(AttackLine line)
{
    private const int UnitsShown = 12;

    private AttackManifest M => line.Manifest;

    internal void Write(StreamWriter writer)
    {
        writer.Write($"<section class=\"numbers\">\n<h2>{Html($"{Path.GetFileName(line.Image)}: {AttackPage.Words(M)}")}</h2>\n"
            + $"<p class=\"summary\">{Outcome()}</p>\n");
        WriteImages(writer);
        if (!M.Misclassified)
        {
            WriteAnswers(writer);
            WriteMaps(writer);
            WriteInside(writer);
        }

        writer.Write("</section>\n");
    }

    private string Outcome()
    {
        if (M.Misclassified)
        {
            return Html($"The clean image is no {M.From.Words} to the network, so nothing was done.");
        }

        string noise = M.Noise is { } n ? $" Noise of the same size misleads it {n.Count} of {n.Of} times." : "";
        string goal = M.Target is { } t ? $"to make it {t.Words}" : "to make it anything else";
        string words = $"The saved file {(M.Success ? "misleads" : "does not mislead")} the network.";
        return $"<span class=\"{(M.Success ? "yes" : "no")}\">{words}</span> "
            + Html($"Attacked from {M.From.Words}, {goal}; the attack claims {(M.Claimed ? "success" : "no success")}.{noise} Largest "
                + $"change {255 * M.Distances.Linf:0.##}/255, L2 {M.Distances.L2:0.000}, {100 * M.Distances.L0:0.0} % of the values, SSIM "
                + $"{M.Distances.Ssim:0.0000}; {M.ForwardPasses} passes forward and {M.BackwardPasses} backward, {M.TimeMs / 1000:0.0} s.");
    }

    private void WriteImages(StreamWriter writer)
    {
        byte[] clean = Bytes(AttackWriter.Original), saved = Bytes(AttackWriter.Adversarial);
        RgbImage where = DifferenceImage.Where(ImageFile.Decode(clean, line.Image), ImageFile.Decode(saved, line.Image));
        writer.Write("<div class=\"strip\">\n");
        Figure(Data(clean), "original");
        Figure(Data(saved), "adversarial, as it was saved");
        Figure(Data(Bytes(AttackWriter.Difference)), $"difference × {M.DifferenceFactor:0}, grey where there is none");
        Figure(Data(where), "where: length of each pixel's change");
        writer.Write("</div>\n");

        void Figure(string source, string caption) => writer.Write(
            $"<figure><img alt=\"{Html($"{caption}, {Path.GetFileName(line.Image)}")}\" src=\"{source}\"><figcaption>{Html(caption)}"
            + "</figcaption></figure>\n");
    }

    private void WriteAnswers(StreamWriter writer)
    {
        writer.Write("<div class=\"sides\">\n");
        Answers("Before", M.Before);
        Answers("After, read back", M.After);
        if (Curve() is { } chart)
        {
            writer.Write($"<figure>{chart.Svg(inPage: true)}</figure>\n");
        }

        writer.Write("</div>\n");

        void Answers(string title, IReadOnlyList<PredictedClass> top)
        {
            writer.Write($"<table><caption>{title}</caption>\n<tbody>\n");
            foreach (PredictedClass c in top)
            {
                writer.Write($"<tr><td>{c.Class} {Html(TargetWords.Short(c.Label))}</td><td>{Bar(c.Probability)}</td>"
                    + $"<td>{Readable.Percent(c.Probability)}</td></tr>\n");
            }

            writer.Write("</tbody></table>\n");
        }
    }

    /// <summary>The probabilities by step.</summary>
    private Chart? Curve()
    {
        IReadOnlyList<string>[] rows = [.. CsvReader.Rows(Encoding.UTF8.GetString(Bytes("curve.csv"))).Skip(1)];
        if (rows.Length < 2)
        {
            return null;
        }

        return Chart.Lines(new LineChart(
            "Probability by step", "step", "probability", [.. rows.Select(r => r[0])],
            [
                new Series(M.From.Words, [.. rows.Select(r => Number(r[2]))]),
                new Series(M.Target?.Words ?? "likeliest other", [.. rows.Select(r => Number(r[3]))]),
            ])
        {
            Shown = [0, 1],
        });
    }

    private void WriteMaps(StreamWriter writer)
    {
        foreach (IGrouping<string, MapLine> method in M.Maps.GroupBy(m => m.Method))
        {
            writer.Write($"<h3>{Html(method.Key)}</h3>\n<div class=\"strip\">\n");
            foreach (MapLine map in method)
            {
                Figure(map.Before, $"{map.Class.Words}, before");
                Figure(map.After, $"{map.Class.Words}, after: rank correlation {map.Spearman:0.00}, SSIM {map.Ssim:0.00}");
            }

            writer.Write("</div>\n");
        }

        void Figure(string file, string caption) => writer.Write(
            $"<figure><img alt=\"{Html(caption)}\" src=\"{Data(Bytes(file))}\"><figcaption>{Html(caption)}</figcaption></figure>\n");
    }

    private void WriteInside(StreamWriter writer)
    {
        if (M.UnitLayer is null)
        {
            return;
        }

        bool isLabelled = M.Units.Any(u => u.Label is not null);
        writer.Write($"<div class=\"sides\">\n<table><caption>Units of {Html(M.UnitLayer)} that moved most</caption>\n<thead><tr>"
            + $"<th>channel</th>{(isLabelled ? "<th>by its dissection</th>" : "")}<th>before</th><th>after</th><th>change</th></tr>"
            + "</thead>\n<tbody>\n");
        foreach (MovedUnit u in M.Units.Take(UnitsShown))
        {
            string change = u.After > u.Before ? "on" : "off";
            writer.Write($"<tr><td>{u.Channel}</td>{(isLabelled ? $"<td>{Html(u.Label)}</td>" : "")}<td>{Readable.Number(u.Before)}</td>"
                + $"<td>{Readable.Number(u.After)}</td><td>{change} {Readable.Number(u.After - u.Before)}</td></tr>\n");
        }

        writer.Write("</tbody></table>\n");
        if (M.Layers.Count > 1)
        {
            Chart chart = Chart.Lines(new LineChart(
                "How much of each layer changes", "layer", "‖Δa‖ / ‖a‖", [.. M.Layers.Select(l => l.Layer)],
                [new Series("share", [.. M.Layers.Select(l => l.Share)])]));
            writer.Write($"<figure>{chart.Svg(inPage: true)}</figure>\n");
        }

        writer.Write("</div>\n");
    }

    private static string Bar(double share) => double.IsFinite(share)
        ? $"<svg viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\"><rect height=\"8\" width=\""
            + $"{(100 * share).ToString("0.##", CultureInfo.InvariantCulture)}\"/></svg>"
        : "";

    private static double Number(string cell) =>
        double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : double.NaN;

    private byte[] Bytes(string file) => File.ReadAllBytes(Path.Combine(line.Folder, file));
}
