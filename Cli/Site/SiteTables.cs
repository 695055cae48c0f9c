using System.Globalization;
using Interp.Cli.Concepts.Relevance;
using Interp.Cli.Output;
using static Interp.Cli.Reporting.PageParts;

namespace Interp.Cli.Site;

/// <summary>What several kinds of pages show: thumbnails and tables.</summary>
/// <param name="site">Everything.</param>
/// <param name="pictures">The images.</param>
/// <param name="page">The page.</param>
/// <param name="writer">Takes its body.</param>
internal sealed class SiteTables(SiteContent site, SitePictures pictures, SitePage page, StreamWriter writer)
{
    /// <summary>A table; columns whose names end in <c>#</c> hold numbers.</summary>
    /// <param name="columns">Names of the columns.</param>
    /// <param name="rows">Cells, as markup.</param>
    internal void Table(string[] columns, IEnumerable<string[]> rows)
    {
        writer.Write("<div class=\"scroll\"><table class=\"site-table\">\n<thead><tr>");
        foreach (string column in columns)
        {
            writer.Write($"<th scope=\"col\"{Word(column)}>{Html(column.TrimEnd('#'))}</th>");
        }

        writer.Write("</tr></thead>\n<tbody>\n");
        foreach (string[] row in rows)
        {
            writer.Write($"<tr>{string.Concat(row.Select((cell, i) => $"<td{Word(columns[i])}>{cell}</td>"))}</tr>\n");
        }

        writer.Write("</tbody>\n</table></div>\n");

        static string Word(string column) => column.EndsWith('#') ? "" : " class=\"word\"";
    }

    internal void Thumbs(SiteLayer layer, IEnumerable<SiteUnit> units)
    {
        writer.Write("<div class=\"thumbs\">\n");
        foreach (SiteUnit unit in units)
        {
            string image = pictures.Element(page, SitePictures.OfUnit(layer, unit.Channel, "more"), "", isLazy: true);
            string name = Html($"{layer.Node.Name}:{unit.Channel}");
            writer.Write($"<a href=\"{page.To(SitePaths.Unit(layer, unit.Channel))}\">{Or(image)}<b>{name}</b>"
                + $"{(unit.Words.Length > 0 ? $"<span>{Html(unit.Words)}</span>" : "")}"
                + $"{(unit.IsDoubtful ? "<i>not significant</i>" : "")}</a>\n");
        }

        writer.Write("</div>\n");
    }

    internal void Thumbs(IEnumerable<SiteClass> classes)
    {
        writer.Write("<div class=\"thumbs\">\n");
        foreach (SiteClass c in classes)
        {
            string image = pictures.Element(page, SitePictures.OfClass(c.Id), "", isLazy: true);
            writer.Write($"<a href=\"{page.To(SitePaths.Class(c.Id))}\">{Or(image)}<b>{Html(TargetWords.Short(c.Label))}</b>"
                + $"<span>class {c.Id}</span></a>\n");
        }

        writer.Write("</div>\n");
    }

    /// <summary>Which classes use a unit, or which units a class uses; what chance gives stands beside it.</summary>
    /// <param name="first">Name of the first columns.</param>
    /// <param name="uses">What is shown.</param>
    /// <param name="cells">The first cells of each, as markup.</param>
    internal void Uses(string[] first, IReadOnlyList<ClassUse> uses, Func<ClassUse, string[]> cells) => Table(
        [.. first, "share#", "in other classes#", "most relevant in#", "of other classes#", "p (Holm)#"],
        uses.Select(u => (string[])
        [
            .. cells(u), Readable.Percent(u.Share), double.IsNaN(u.OtherShare) ? "none" : Readable.Percent(u.OtherShare),
            $"{u.Hits} of {u.Photos}", $"{u.OtherHits} of {u.OtherPhotos}", double.IsNaN(u.P) ? "none" : Readable.Number(u.P),
        ]));

    internal string ClassLink(int c) =>
        page.Link(SitePaths.Class(site, c), $"{c} {TargetWords.Short(site.Network.Labels[c])}");

    internal void Facts(params IEnumerable<(string Name, string Value)> facts)
    {
        writer.Write("<dl>\n");
        foreach ((string name, string value) in facts.Where(f => f.Value.Length > 0))
        {
            writer.Write($"<div><dt>{Html(name)}</dt><dd>{Html(value)}</dd></div>\n");
        }

        writer.Write("</dl>\n");
    }

    internal void Nothing(string text) => writer.Write($"<p class=\"none\">{Html(text)}</p>\n");

    internal void Section(string title, bool hasNumbers, Action write)
    {
        writer.Write($"<section{(hasNumbers ? " class=\"numbers\"" : "")}>\n<h2>{Html(title)}</h2>\n");
        write();
        writer.Write("</section>\n");
    }

    /// <summary>How many chance would give.</summary>
    internal static string Chance(double expected) => double.IsNaN(expected) ? "not asked" : Fixed(expected, 1);

    internal static string Fixed(double value, int digits) => value.ToString($"F{digits}", CultureInfo.InvariantCulture);

    private static string Or(string image) => image.Length > 0 ? image : "<span class=\"blank\"></span>";
}
