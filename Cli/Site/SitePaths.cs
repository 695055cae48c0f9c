namespace Interp.Cli.Site;

/// <summary>Where the pages and images of a site lie, relative to it.</summary>
internal static class SitePaths
{
    internal const string Index = "index.html", Search = "search.html", SearchData = "search-data.js";

    /// <summary>Units on one page of a layer: it stays well below 200 kB.</summary>
    internal const int UnitsOfPage = 400;

    internal static string Layer(SiteLayer layer, int page = 0) => $"layers/{layer.Name}{(page == 0 ? "" : $"-page-{page + 1}")}.html";

    internal static int PagesOf(SiteLayer layer) => Math.Max(1, (layer.Units.Count + UnitsOfPage - 1) / UnitsOfPage);

    internal static string Unit(SiteLayer layer, int channel) => $"units/{layer.Name}/{channel}.html";

    internal static string? Unit(SiteLayer layer, SiteUnit? unit) => unit is null ? null : Unit(layer, unit.Channel);

    internal static string Class(int c) => $"classes/{c}.html";

    internal static string? Class(SiteContent site, int c) => site.Find(c) is null ? null : Class(c);
}
