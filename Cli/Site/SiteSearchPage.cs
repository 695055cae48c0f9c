using System.Text;
using System.Text.Json;
using Interp.Cli.Output;

namespace Interp.Cli.Site;

/// <summary>The search: a script looks through all units and classes, which stand in a script file beside it, so that it works from
/// disk.</summary>
internal sealed class SiteSearchPage(SiteContent site, SitePictures pictures)
{
    internal SitePage Page { get; } = new(
        SitePaths.Search, "Search", $"Search {site.Network.Name}", "Units by layer, channel and label; classes by name.")
    {
        Above = [(SitePaths.Index, site.Network.Name)],
    };

    /// <summary>Writes the data.</summary>
    internal void WriteData(Stream stream)
    {
        IReadOnlyList<SearchEntry> entries =
        [
            .. site.Layers.SelectMany(l => l.Units.Select(u => new SearchEntry(
                $"{l.Node.Name}:{u.Channel}", u.Words, Page.To(SitePaths.Unit(l, u.Channel)),
                Address(SitePictures.OfUnit(l, u.Channel, "more")), true, u.Label?.Significant ?? false))),
            .. site.Classes.Select(c => new SearchEntry(
                TargetWords.Short(c.Label), $"class {c.Id}: {c.Label}", Page.To(SitePaths.Class(c.Id)), Address(SitePictures.OfClass(c.Id)),
                false, false)),
        ];
        string data = JsonSerializer.Serialize(entries, SiteJson.Embedded.IReadOnlyListSearchEntry);
        stream.Write(Encoding.UTF8.GetBytes($"const site = {data};\n"));
    }

    private string? Address(string picture) => pictures.Find(picture) is { } file ? Page.To(file) : null;
}

/// <param name="Name">The unit or class.</param>
/// <param name="Words">Its label.</param>
/// <param name="Page">The address of its page.</param>
/// <param name="Image">That of its image, or null.</param>
/// <param name="Unit">Whether it is a unit.</param>
/// <param name="Significant">Whether its label is significant.</param>
internal sealed record SearchEntry(string Name, string Words, string Page, string? Image, bool Unit, bool Significant);
