using System.Security.Cryptography;
using System.Text;

namespace Interp.Cli.Reporting;

/// <summary>A page with places to fill, <c>{{name}}</c>, the head that all pages have, and the style and script that go into it as they
/// are.</summary>
internal sealed class HtmlTemplate
{
    private static readonly string[] s_site = ["base.css", "gallery.css", "unit.css", "site.css"];

    private readonly string _page;
    private readonly string _style;
    private readonly string _script;
    private readonly string _images;
    private readonly string _data;

    private HtmlTemplate(string page, string[] styles, string[] scripts, string images = "data:", string data = "")
    {
        (_page, _images, _data) = (page, images, data);
        _style = string.Concat(styles.Select(Resource));
        _script = string.Concat(scripts.Select(Resource));
    }

    /// <summary>Maps of images, which a script draws.</summary>
    internal static HtmlTemplate Report { get; } = new(
        "report.html", ["base.css", "report.css"], ["maps.js", "page.js", "results.js", "start.js"]);

    /// <summary>Images of units; without a script.</summary>
    internal static HtmlTemplate Gallery { get; } = new("gallery.html", ["base.css", "gallery.css"], []);

    /// <summary>All about one unit; without a script.</summary>
    internal static HtmlTemplate Unit { get; } = new("unit.html", ["base.css", "gallery.css", "unit.css"], []);

    /// <summary>The units of a layer in a table, with images that lie beside the page.</summary>
    internal static HtmlTemplate Dissection { get; } = new(
        "dissection.html", ["base.css", "dissection.css"], ["dissection.js"], images: "'self' file:");

    /// <summary>Concepts and classes; without a script.</summary>
    internal static HtmlTemplate Concepts { get; } = new("concepts.html", ["base.css", "gallery.css", "unit.css", "concepts.css"], []);

    /// <summary>The concepts that were found for a class; without a script.</summary>
    internal static HtmlTemplate Discovery { get; } = new(
        "discovery.html", ["base.css", "gallery.css", "unit.css", "concepts.css", "discovery.css"], []);

    /// <summary>Adversarial images, and what they change in a network; without a script.</summary>
    internal static HtmlTemplate Attack { get; } = new(
        "attack.html", ["base.css", "gallery.css", "unit.css", "concepts.css", "attack.css"], []);

    /// <summary>Through which channels one decision passed; without a script.</summary>
    internal static HtmlTemplate Relevance { get; } = new("relevance.html", ["base.css", "gallery.css", "unit.css"], []);

    /// <summary>A page of a site, with images that lie beside it; without a script.</summary>
    internal static HtmlTemplate Site { get; } = new("site.html", s_site, [], images: "'self' file:");

    /// <summary>A site's search, which takes its data from a script beside the page.</summary>
    internal static HtmlTemplate SiteSearch { get; } = new(
        "site-search.html", s_site, ["site-search.js"], images: "'self' file:", data: " 'self' file:");

    /// <summary>Images that were asked about and the training images behind them, which lie beside the page; without a script.</summary>
    internal static HtmlTemplate Influence { get; } = new(
        "influence.html", ["base.css", "gallery.css", "unit.css", "concepts.css", "discovery.css", "influence.css"], [],
        images: "'self' file:");

    /// <summary>Any results in a table; without a script.</summary>
    internal static HtmlTemplate Table { get; } = new("table.html", ["base.css", "table.css"], []);

    /// <summary>
    /// What a browser may do with the page: run this script, use this style, show the images inside, or beside it. Nothing else can be
    /// loaded, and no script that came with a name or a label would run.
    /// </summary>
    private string Policy =>
        $"default-src 'none'; img-src {_images}; style-src '{Hash(_style)}'; script-src "
        + $"{(_script.Length > 0 ? $"'{Hash(_script)}'{_data}" : "'none'")}; base-uri 'none'; form-action 'none'";

    /// <summary>Writes the page, with each place of its own written by the caller in its turn.</summary>
    internal void Write(Stream stream, Action<StreamWriter, string> fill)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), bufferSize: 1 << 16, leaveOpen: true);
        string[] parts = Resource(_page).Replace("{{head}}", Resource("head.html"), StringComparison.Ordinal).Split("{{");
        writer.Write(parts[0]);
        foreach (string part in parts[1..])
        {
            int end = part.IndexOf("}}", StringComparison.Ordinal);
            string place = part[..end];
            if (place == "policy")
            {
                writer.Write(Policy);
            }
            else if (place is "style" or "script")
            {
                writer.Write(place == "style" ? _style : _script);
            }
            else
            {
                fill(writer, place);
            }

            writer.Write(part[(end + 2)..]);
        }
    }

    private static string Hash(string text) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";

    private static string Resource(string name)
    {
        using Stream stream = typeof(HtmlTemplate).Assembly.GetManifestResourceStream($"Report/{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
