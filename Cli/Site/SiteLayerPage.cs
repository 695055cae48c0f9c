using Interp.Cli.Dissection;
using Interp.Cli.Output;
using static Interp.Cli.Reporting.PageParts;

namespace Interp.Cli.Site;

/// <summary>The page of a layer, or one of several: what is known of it, and its units.</summary>
internal sealed class SiteLayerPage(SiteContent site, SiteLayer layer, int part, SitePictures pictures)
{
    internal SitePage Page { get; } = Describe(site, layer, part);

    internal void Body(StreamWriter writer)
    {
        var parts = new SiteTables(site, pictures, Page, writer);
        if (part == 0 && layer.Summary is { } summary)
        {
            parts.Section("What its units stand for", true, () =>
            {
                parts.Table(["category", "detectors#", "by chance#", "significant#", "concepts#"],
                    [.. summary.ByCategory.Select(c => Row(c.Category, c.Detectors, c.ExpectedByChance, c.Significant, c.Unique)),
                    Row("all", summary.Detectors, summary.ExpectedByChance, summary.Significant, summary.Unique)]);
            });
        }

        parts.Section("Units", false, () =>
        {
            if (layer.Units.Count == 0)
            {
                parts.Nothing("None is a significant detector.");
                return;
            }

            parts.Thumbs(layer, layer.Units.Skip(part * SitePaths.UnitsOfPage).Take(SitePaths.UnitsOfPage));
        });

        static string[] Row(string category, int detectors, double chance, int significant, int unique) =>
        [
            Html(category), $"{detectors}", SiteTables.Chance(chance), $"{significant}", $"{unique}",
        ];
    }

    /// <summary>What is known of a layer in a sentence or two.</summary>
    private static SitePage Describe(SiteContent site, SiteLayer layer, int part)
    {
        int pages = SitePaths.PagesOf(layer);
        string stride = layer.Field.Stride is { } s ? $", every {s[0]} pixels" : "";
        string map = layer.Shape.Rank == 4 ? $"a map of {layer.Shape[2]}×{layer.Shape[3]}" : "one value";
        string dissected = layer.Summary is not { } d ? ""
            : $" Compared with {PatternsOr(d)}, {d.Detectors} of all {d.Units} units pass IoU {Readable.Number(d.Threshold)}"
                + (double.IsNaN(d.ExpectedByChance) ? "" : $", where chance gives {SiteTables.Fixed(d.ExpectedByChance, 1)}")
                + $"; {d.Significant} are significant.";
        return new SitePage(
            SitePaths.Layer(layer, part), "Layer", $"{layer.Node.Name}{(pages == 1 ? "" : $", page {part + 1} of {pages}")}",
            $"A {layer.Node.Layer.Kind} layer of {layer.Shape[1]} channels, each {map}. One position sees at most "
            + $"{layer.Field.Width}×{layer.Field.Height} pixels{stride}.{dissected} {layer.Units.Count} units have pages here"
            + (layer.Labels is null ? "." : ", those first whose label is surest."))
        {
            Above = [(SitePaths.Index, site.Network.Name), .. part == 0 ? [] : new[] { (SitePaths.Layer(layer), layer.Node.Name) }],
            Beside = (part == 0 ? null : SitePaths.Layer(layer, part - 1), part + 1 < pages ? SitePaths.Layer(layer, part + 1) : null),
        };
    }

    private static string PatternsOr(DissectionSummary d) => d.Layout == "patterns" ? $"{d.Concepts} generated patterns (no objects)"
        : $"{d.Concepts} concepts in {d.Images} labelled images";
}
