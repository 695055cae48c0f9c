using Interp.Cli.Dissection;
using Interp.Cli.Output;
using static Interp.Cli.Reporting.PageParts;

namespace Interp.Cli.Site;

/// <summary>The first page: the network, its layers and classes.</summary>
internal sealed class SiteIndexPage(SiteContent site, SitePictures pictures)
{
    private const int UnitsShown = 8, NodesShown = 1000, ClassesShown = 600;

    internal SitePage Page { get; } = Describe(site);

    internal void Body(StreamWriter writer)
    {
        var parts = new SiteTables(site, pictures, Page, writer);
        writer.Write($"<section><h2>Layers</h2>\n<p class=\"summary\">{Page.Link(SitePaths.Search, "Search")} units and classes by "
            + "label, or choose a layer.</p>\n");
        Layers(parts);
        foreach (SiteLayer layer in site.Layers.Where(l => l.Units.Count > 0))
        {
            writer.Write($"<h3>{Page.Link(SitePaths.Layer(layer), layer.Node.Name)}</h3>\n");
            parts.Thumbs(layer, layer.Units.Take(UnitsShown));
        }

        writer.Write("</section>\n");
        if (site.Classes.Count > 0)
        {
            parts.Section("Classes", false, () => parts.Thumbs(site.Classes.Take(ClassesShown)));
            if (site.Classes.Count > ClassesShown)
            {
                parts.Nothing($"The first {ClassesShown} of {site.Classes.Count}; the search finds the others.");
            }
        }

        parts.Section("The network", false, () => Nodes(writer, parts));
    }

    private static SitePage Describe(SiteContent site)
    {
        var network = site.Network;
        return new SitePage(
            SitePaths.Index, "Network", network.Name,
            $"{Readable.Input(network.Preprocessing.Height, network.Preprocessing.Width, network.InputChannels)} pixels, "
            + $"{Readable.Classes(network.Classes)}, {network.Nodes.Length - 1} layers, "
            + $"{Readable.Count(network.Nodes.Sum(n => n.Weights.Sum(w => w.Shape.Count)))} parameters. "
            + $"{site.Layers.Sum(l => l.Units.Count)} units of {site.Layers.Count} layers and {site.Classes.Count} classes have pages, "
            + $"{(site.Photos.Count > 0 ? $"with {site.Photos.Count} photos" : "without photos")}.")
        {
            Remarks = site.Remarks,
        };
    }

    private void Layers(SiteTables parts)
    {
        string[] dissected = site.Layers.Any(l => l.Summary is not null) ? ["detectors#", "by chance#", "significant#"] : [];
        parts.Table(
            ["layer", "kind", "channels#", "map#", "one position sees#", "units here#", .. dissected],
            site.Layers.Select(l => (string[])
            [
                Page.Link(SitePaths.Layer(l), l.Node.Name), Html(l.Node.Layer.Kind), $"{l.Shape[1]}",
                l.Shape.Rank == 4 ? $"{l.Shape[2]}×{l.Shape[3]}" : "", $"{l.Field.Width}×{l.Field.Height}", $"{l.Units.Count}",
                .. dissected.Length == 0 ? [] : Counts(l.Summary),
            ]));

        static string[] Counts(DissectionSummary? s) => s is null ? ["", "", ""]
            : [$"{s.Detectors} of {s.Units}", SiteTables.Chance(s.ExpectedByChance), $"{s.Significant}"];
    }

    private void Nodes(StreamWriter writer, SiteTables parts)
    {
        var network = site.Network;
        writer.Write($"<details><summary>All {network.Nodes.Length} layers</summary>\n");
        Dictionary<int, SiteLayer> shown = site.Layers.ToDictionary(l => l.Node.Id);
        parts.Table(["layer", "kind", "output#"], network.Nodes.Take(NodesShown).Select(n => (string[])
        [
            Page.Link(shown.TryGetValue(n.Id, out SiteLayer? layer) ? SitePaths.Layer(layer) : null, n.Name), Html(n.Layer.Kind),
            string.Join('×', network.OwnShapes[n.Id].Dims.Skip(1)),
        ]));
        if (network.Nodes.Length > NodesShown)
        {
            parts.Nothing($"and {network.Nodes.Length - NodesShown} more");
        }

        writer.Write("</details>\n");
    }
}
