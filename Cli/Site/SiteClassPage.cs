using Interp.Cli.Output;
using static Interp.Cli.Reporting.PageParts;

namespace Interp.Cli.Site;

/// <summary>The page of a class: its image, what the network takes that for, its photos, and the units it uses.</summary>
internal sealed class SiteClassPage(SiteContent site, SiteClass c, SitePictures pictures)
{
    private const int UnitsShown = 8;

    internal SitePage Page { get; } = Describe(site, c);

    internal void Body(StreamWriter writer)
    {
        var parts = new SiteTables(site, pictures, Page, writer);
        parts.Section("Optimised image", false, () => Image(writer, parts));
        parts.Section("Photos that the network takes for it", false, () => Photos(writer, parts));
        parts.Section("Units it uses most", true, () => Uses(writer, parts));
        parts.Section("Units whose removal lowers its logit most", true, () => Removals(parts));
    }

    private static SitePage Describe(SiteContent site, SiteClass c)
    {
        int at = site.Classes.ToList().IndexOf(c);
        string? Beside(int index) => index >= 0 && index < site.Classes.Count ? SitePaths.Class(site.Classes[index].Id) : null;
        return new SitePage(
            SitePaths.Class(c.Id), "Class", TargetWords.Short(c.Label), $"Class {c.Id} of {site.Network.Name}: {c.Label}.")
        {
            Above = [(SitePaths.Index, site.Network.Name), (SitePaths.Index, "classes")],
            Beside = (Beside(at - 1), Beside(at + 1)),
        };
    }

    private void Image(StreamWriter writer, SiteTables parts)
    {
        if (c.Image is not { Manifest: var m })
        {
            parts.Nothing("Not made yet: the same command goes on.");
            return;
        }

        string image = pictures.Element(Page, SitePictures.OfClass(c.Id), "image optimised for the class");
        writer.Write($"<div class=\"units\">\n<figure>\n{image}\n<figcaption>\n<h3>Saved, read back and classified</h3>\n");
        parts.Facts(
            [("its own class", $"{Readable.Percent(m.Probability)}{(m.Prediction[0].Class == c.Id ? "" : ", not the first")}"),
            ("by chance", Readable.Percent(1.0 / Math.Max(2, site.Network.Classes))),
            .. m.Prediction.Take(3).Select((p, i) => ($"{i + 1}. {TargetWords.Short(p.Label)}", Readable.Percent(p.Probability))),
            ("logit, noise → image", $"{Readable.Number(m.ActivationBefore)} → {Readable.Number(m.ActivationAfter)}")]);
        foreach (string remark in m.Diagnosis)
        {
            writer.Write($"<p class=\"bad\">{Html(remark)}</p>\n");
        }

        writer.Write("</figcaption>\n</figure>\n</div>\n");
    }

    private void Photos(StreamWriter writer, SiteTables parts)
    {
        if (c.Photos.Count == 0)
        {
            parts.Nothing(site.Photos.Count == 0 ? "None: --images names photos." : $"None of {site.Photos.Count} photos.");
            return;
        }

        writer.Write("<div class=\"thumbs\">\n");
        for (int i = 0; i < c.Photos.Count; i++)
        {
            string image = pictures.Element(Page, SitePictures.OfPhoto(c.Id, i), "", isLazy: true);
            if (image.Length > 0)
            {
                string name = Html(Path.GetFileName(c.Photos[i].Image));
                writer.Write($"<span>{image}{name}<br>{Readable.Percent(c.Photos[i].Probability)}</span>\n");
            }
        }

        writer.Write("</div>\n");
        if (c.Photos.Count > SiteWriter.PhotosOfClass)
        {
            parts.Nothing($"and {c.Photos.Count - SiteWriter.PhotosOfClass} more");
        }
    }

    private void Uses(StreamWriter writer, SiteTables parts)
    {
        SiteLayer[] layers = [.. site.Layers.Where(l => l.Relevance?.Manifest.Photos[c.Id] > 0)];
        if (layers.Length == 0)
        {
            parts.Nothing("Not measured: none of the photos that were explained is taken for it.");
            return;
        }

        writer.Write("<p class=\"summary\">Channels by their mean share of the class’s logit, by LRP, in its photos; beside it their "
            + "share in photos of other classes, and in how many photos of either they are among the most relevant. Few photos give "
            + "no small p.</p>\n");
        foreach (SiteLayer layer in layers.Reverse())
        {
            writer.Write($"<h3>{Html(layer.Node.Name)}</h3>\n");
            parts.Uses(["unit", "label"], layer.Relevance!.OfClass(c.Id, UnitsShown), u =>
            [
                Page.Link(SitePaths.Unit(layer, layer.Find(u.Channel)), $"{layer.Node.Name}:{u.Channel}"), Html(WordsOf(layer, u.Channel)),
            ]);
        }
    }

    private void Removals(SiteTables parts)
    {
        var all = site.Layers.SelectMany(l => l.Units.Where(u => u.Changes.Length > c.Id)
            .Select(u => (Layer: l, Unit: u, Change: u.Changes[c.Id], Usual: u.Changes.Average(v => (double)v)))).ToArray();
        if (all.Length == 0)
        {
            parts.Nothing("Not measured.");
            return;
        }

        parts.Table(["unit", "label", "mean change of its logit#", "of all classes’ logits#"],
            all.Where(a => a.Change < 0).OrderBy(a => a.Change).Take(UnitsShown).Select(a => (string[])
            [
                Page.Link(SitePaths.Unit(a.Layer, a.Unit.Channel), $"{a.Layer.Node.Name}:{a.Unit.Channel}"),
                Html(WordsOf(a.Layer, a.Unit.Channel)),
                Readable.Number(a.Change), Readable.Number(a.Usual),
            ]));
    }

    private static string WordsOf(SiteLayer layer, int channel) =>
        new SiteUnit(channel, layer.Labels?.Of(channel)) is var u && u.IsDoubtful ? $"{u.Words}, not significant" : u.Words;
}
