using Interp.Cli.Reporting;
using static Interp.Cli.Reporting.PageParts;

namespace Interp.Cli.Site;

/// <summary>A page of a site: what stands above its body, and where it lies.</summary>
/// <param name="Path">Its file, relative to the site.</param>
/// <param name="Kicker">What kind of page it is.</param>
/// <param name="Title">Its title.</param>
/// <param name="Summary">A few sentences.</param>
internal sealed record SitePage(string Path, string Kicker, string Title, string Summary)
{
    /// <summary>The pages above it: address within the site, and name.</summary>
    internal IReadOnlyList<(string Path, string Name)> Above { get; init; } = [];

    /// <summary>Its neighbours in a row of pages.</summary>
    internal (string? Before, string? After) Beside { get; init; }

    internal IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>The address of a file of the site, as seen from the page; every part of it is escaped.</summary>
    internal string To(string path) => string.Concat(Enumerable.Repeat("../", Path.Count(c => c == '/')))
        + string.Join('/', path.Split('/').Select(Uri.EscapeDataString));

    /// <summary>A link to a page of the site; plain text where there is no such page.</summary>
    internal string Link(string? path, string text) => path is null ? Html(text) : $"<a href=\"{To(path)}\">{Html(text)}</a>";

    internal void Write(Stream stream, HtmlTemplate template, string made, Action<StreamWriter> body)
    {
        template.Write(stream, (writer, place) =>
        {
            switch (place)
            {
                case "crumbs":
                    WriteCrumbs(writer);
                    break;
                case "kicker":
                    writer.Write(Html(Kicker));
                    break;
                case "title":
                    writer.Write(Html(Title));
                    break;
                case "summary":
                    writer.Write(Html(Summary));
                    break;
                case "remarks":
                    foreach (string remark in Remarks)
                    {
                        writer.Write($"<p class=\"remark\">{Html(remark)}</p>\n");
                    }

                    break;
                case "body":
                    body(writer);
                    break;
                case "made":
                    writer.Write(Html(made));
                    break;
                default:
                    throw new InvalidOperationException($"the template has an unknown place '{place}'");
            }
        });
    }

    private void WriteCrumbs(StreamWriter writer)
    {
        if (Above.Count == 0)
        {
            return;
        }

        writer.Write("<nav class=\"crumbs\" aria-label=\"Pages above\">");
        foreach ((string path, string name) in Above)
        {
            writer.Write(Link(path, name));
        }

        (string? before, string? after) = Beside;
        writer.Write(before is null ? "" : $"<a class=\"turn\" rel=\"prev\" href=\"{To(before)}\">← before</a>");
        writer.Write(after is null ? "" : $"<a class=\"turn\" rel=\"next\" href=\"{To(after)}\">next →</a>");
        writer.Write("</nav>\n");
    }
}
