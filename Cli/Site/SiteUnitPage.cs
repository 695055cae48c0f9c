using Interp.Cli.Examples;
using Interp.Cli.Output;
using Interp.Cli.Visualization;
using static Interp.Cli.Reporting.PageParts;

namespace Interp.Cli.Site;

/// <summary>The page of one unit: its images, photos, label, distribution, removal, and the classes that use it.</summary>
internal sealed class SiteUnitPage(SiteContent site, SiteLayer layer, SiteUnit unit, SitePictures pictures)
{
    private const int ClassesShown = 12;

    internal SitePage Page { get; } = Describe(site, layer, unit);

    internal void Body(StreamWriter writer)
    {
        var parts = new SiteTables(site, pictures, Page, writer);
        parts.Section("Optimised images", false, () => Optimised(writer, parts));
        parts.Section("What it stands for", true, () =>
        {
            if (layer.Labels is null)
            {
                parts.Nothing("Not asked: --labels names labelled images.");
                return;
            }

            new UnitNumbers(writer).WriteLabel(unit.Label, true, layer.Node.Name, null);
            Figure(writer, "masks", "masks", "Labelled images that excite it most, darkened where it does not pass its threshold.");
        });
        parts.Section("Photos that excite it most", true, () => Photos(writer, parts));
        if (unit.Photos is { } photos)
        {
            parts.Section("How often it is excited", true, () => new UnitNumbers(writer).WriteDistribution(photos.Statistics));
        }

        parts.Section("What happens without it", true, () => new UnitNumbers(writer).WriteRemoval(
            unit.Removal, "Not measured: it takes --images, a network with classes, and layers behind this one.",
            c => SitePaths.Class(site, c) is { } path ? Page.To(path) : null));
        parts.Section("Classes that use it", true, () => Classes(writer, parts));
    }

    private static SitePage Describe(SiteContent site, SiteLayer layer, SiteUnit unit)
    {
        int at = layer.Units.ToList().IndexOf(unit);
        string? Beside(int index) => index >= 0 && index < layer.Units.Count ? SitePaths.Unit(layer, layer.Units[index].Channel) : null;
        string words = unit.Words.Length > 0 ? $": {unit.Words}{(unit.IsDoubtful ? ", not significant" : "")}" : "";
        return new SitePage(
            SitePaths.Unit(layer, unit.Channel), "Unit", $"{layer.Node.Name}:{unit.Channel}",
            $"Channel {unit.Channel} of {layer.Node.Name} of {site.Network.Name}{words}.")
        {
            Above = [(SitePaths.Index, site.Network.Name), (SitePaths.Layer(layer, at / SitePaths.UnitsOfPage), layer.Node.Name)],
            Beside = (Beside(at - 1), Beside(at + 1)),
        };
    }

    private void Optimised(StreamWriter writer, SiteTables parts)
    {
        if (unit.Positive is null && unit.Negative is null)
        {
            parts.Nothing("Not made yet: the same command goes on.");
            return;
        }

        writer.Write("<div class=\"units\">\n");
        One("Optimised to excite it", unit.Positive, "more");
        One("Optimised to suppress it", unit.Negative, "less");
        writer.Write("</div>\n");

        void One(string title, VisualizeLine? line, string kind)
        {
            if (line is null)
            {
                return;
            }

            VisualizeManifest m = line.Manifest;
            string image = pictures.Element(Page, SitePictures.OfUnit(layer, unit.Channel, kind), title);
            writer.Write($"<figure>\n{image}\n<figcaption>\n<h3>{title}</h3>\n");
            parts.Facts(
                ("of", m.Layer == layer.Node.Name ? "" : $"{m.Layer}:{m.Channel}, before the ReLU"),
                ("mean, noise → image", $"{Readable.Number(m.ActivationBefore)} → {Readable.Number(m.ActivationAfter)}"),
                ("rank in its layer", m.Rank is { } rank ? $"{rank} of {m.Channels}" : ""),
                ("read back as", m.Prediction is [PredictedClass top, ..]
                    ? $"{TargetWords.Short(top.Label)}, {Readable.Percent(top.Probability)}" : ""));
            foreach (string remark in m.Diagnosis)
            {
                writer.Write($"<p class=\"bad\">{Html(remark)}</p>\n");
            }

            writer.Write("</figcaption>\n</figure>\n");
        }
    }

    private void Photos(StreamWriter writer, SiteTables parts)
    {
        if (unit.Photos is not { } photos)
        {
            parts.Nothing("None: --images names photos.");
            return;
        }

        writer.Write("<div class=\"beside\">\n");
        Figure(writer, "photos", "sheet", "What the most excited position of each photo sees, row by row.");
        parts.Table(["photo", "largest activation#", "mean of its map#"], photos.Most.Select(e => (string[])
        [
            Html(Path.GetFileName(e.Image) + (e.Part is null ? "" : $"[{e.Part}]")), Readable.Number(e.Value), Readable.Number(e.Mean),
        ]).Append(["<span class=\"chance\">median photo</span>", Readable.Number(photos.Statistics.Quantiles["0.5"]), ""]));
        writer.Write("</div>\n");
    }

    private void Classes(StreamWriter writer, SiteTables parts)
    {
        if (layer.Relevance is not { } relevance)
        {
            parts.Nothing("Not measured: it takes --images, and a network with classes that depend on the layer.");
            return;
        }

        writer.Write($"<p class=\"summary\">Its share of the class’s logit, by LRP, in the photos that the network takes for the class; "
            + $"and in how many of them it is among the {relevance.Manifest.Most} most relevant of {relevance.Manifest.Channels} channels: "
            + $"{Readable.Percent((double)relevance.Manifest.Most / relevance.Manifest.Channels)} of channels are by chance.</p>\n");
        parts.Uses(["class"], relevance.OfChannel(unit.Channel, ClassesShown), u => [parts.ClassLink(u.Class)]);
    }

    private void Figure(StreamWriter writer, string kind, string style, string caption)
    {
        string image = pictures.Element(Page, SitePictures.OfUnit(layer, unit.Channel, kind), caption, isLazy: true);
        if (image.Length > 0)
        {
            writer.Write($"<figure class=\"{style}\">\n{image}\n<figcaption>{Html(caption)}</figcaption>\n</figure>\n");
        }
    }
}
