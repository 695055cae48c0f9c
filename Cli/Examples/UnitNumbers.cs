using System.Globalization;
using Interp.Cli.Output;
using Interp.Cli.Reporting;
using static Interp.Cli.Reporting.PageParts;

namespace Interp.Cli.Examples;

/// <summary>The parts of a unit's page that show numbers.</summary>
internal sealed class UnitNumbers(StreamWriter writer)
{
    internal void WriteDistribution(StatisticsLine s)
    {
        writer.Write($"<figure>\n{HistogramDrawing.Svg(s.Histogram, s.Minimum, s.Maximum, ("median", s.Quantiles["0.5"]), ("zero", 0))}\n");
        writer.Write(
            $"<p class=\"axis\"><span>{Readable.Number(s.Minimum)}</span><span>images by their largest activation; lines at zero and at "
            + $"the median</span><span>{Readable.Number(s.Maximum)}</span></p>\n</figure>\n<dl>\n");
        Fact("images with a place above 0", Readable.Percent(s.ActiveShare));
        Fact("largest activation: mean ± deviation", $"{Readable.Number(s.Mean)} ± {Readable.Number(s.Deviation)}");
        Fact("least, median, largest",
            $"{Readable.Number(s.Minimum)}, {Readable.Number(s.Quantiles["0.5"])}, {Readable.Number(s.Maximum)}");
        Fact("5 % and 95 % quantile", $"{Readable.Number(s.Quantiles["0.05"])}, {Readable.Number(s.Quantiles["0.95"])}");
        Fact("mean over all places", Readable.Number(s.MeanActivation));
        Fact("smallest activation anywhere", Readable.Number(s.Lowest));
        writer.Write("</dl>\n");
    }

    internal void WriteLabel(UnitLabel? label, bool isDissected, string layer, byte[]? masked)
    {
        if (label is null)
        {
            string why = isDissected ? "The dissection in this folder left the channel out."
                : $"Not asked: ‘dissect --layer {layer}’ with the same --out compares it with labels; then make this page again.";
            writer.Write($"<p class=\"none\">{Html(why)}</p>\n");
            return;
        }

        writer.Write("<dl>\n");
        Fact("concept", label.Label is null ? "none: it is never active in the labelled images" : $"{label.Label} ({label.Category})");
        if (label.Label is not null)
        {
            Fact("IoU of its mask and the concept’s", $"{Readable.Number(label.Iou)}{(label.Detector ? ", a detector" : ", no detector")}");
            Fact("the most that masks of these sizes can reach", Readable.Number(label.Ceiling));
            Fact("p by chance: labels exchanged among the images", Chance(label.P));
            Fact("p by chance: labels moved within the images", Chance(label.PPlace));
            Fact("false discovery rate", double.IsNaN(label.QBh) ? "not asked"
                : $"{Readable.Number(label.QBh)}{(label.Significant ? "" : ", not significant")}");
        }

        Fact("dissected", $"{label.Layer}, with {label.Labels}{(label.Remark.Length > 0 ? $"; {label.Remark}" : "")}");
        writer.Write("</dl>\n");
        if (masked is not null)
        {
            writer.Write("<figure class=\"masked\">\n<img alt=\"labelled images that excite it most, darkened outside of its mask\" "
                + $"src=\"{Data(masked)}\">\n<figcaption>The labelled images that excite it most, "
                + "darkened where it does not pass its threshold.</figcaption>\n</figure>\n");
        }

        static string Chance(double p) => double.IsNaN(p) ? "not asked" : Readable.Number(p);
    }

    /// <param name="removal">What it does, or null.</param>
    /// <param name="problem">Why there is none.</param>
    /// <param name="link">The address of a class's page, or null where there is none.</param>
    internal void WriteRemoval(RemovalLine? removal, string? problem, Func<int, string?>? link = null)
    {
        if (removal is not { Images: > 0 } r)
        {
            writer.Write($"<p class=\"none\">{Html(problem ?? "Not measured.")}</p>\n");
            return;
        }

        writer.Write("<dl>\n");
        Fact("channel set to", r.Value == 0 ? "0" : $"{Readable.Number(r.Value)}, its mean");
        Fact($"images with another {r.Answer}", $"{r.Changed} of {r.Images}");
        Fact("mean change of the top class's probability", Readable.Percent(-r.TopDrop));
        writer.Write("</dl>\n<div class=\"columns\">\n");
        double most = r.Fallen.Concat(r.Risen).Select(c => Math.Abs(c.Change)).DefaultIfEmpty(1).Max();
        Table("Logits that fall most: what it speaks for", r.Fallen);
        Table("Logits that rise most: what it speaks against", r.Risen);
        writer.Write("</div>\n");

        void Table(string title, IReadOnlyList<ClassChange> classes)
        {
            writer.Write($"<table>\n<caption>{title}</caption>\n");
            foreach (ClassChange c in classes)
            {
                string width = (Math.Abs(c.Change) / most * 100).ToString("0.#", CultureInfo.InvariantCulture);
                string name = Html($"{c.Class} {TargetWords.Short(c.Label)}");
                writer.Write($"<tr><th scope=\"row\">{(link?.Invoke(c.Class) is { } to ? $"<a href=\"{to}\">{name}</a>" : name)}</th>"
                    + $"<td><svg viewBox=\"0 0 100 6\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect width=\"{width}\" "
                    + $"height=\"6\"/></svg></td><td>{Readable.Number(c.Change)}</td></tr>\n");
            }

            writer.Write("</table>\n");
        }
    }

    private void Fact(string name, string value) => writer.Write($"<div><dt>{name}</dt><dd>{Html(value)}</dd></div>\n");
}
