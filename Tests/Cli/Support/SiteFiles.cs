using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Interp.Tests.Support;

namespace Interp.Tests.Cli.Support;

/// <summary>The pages of a site, as a browser that opens it from disk finds them.</summary>
internal static partial class SiteFiles
{
    /// <summary>Asserts that every page is small, loads nothing from elsewhere, and that every address in it leads to a file of the
    /// site; and that every page can be reached from the first.</summary>
    public static string[] AssertSound(string root)
    {
        string[] pages = [.. Directory.GetFiles(root, "*.html", SearchOption.AllDirectories)
            .Where(p => !p.StartsWith(Path.Combine(root, "results") + Path.DirectorySeparatorChar, StringComparison.Ordinal))];
        var linked = new HashSet<string>(StringComparer.Ordinal) { Path.Combine(root, "index.html") };
        foreach (string page in pages)
        {
            string text = File.ReadAllText(page);
            Assert.IsLessThan(200_000, new FileInfo(page).Length, page);
            Assert.DoesNotContain("{{", text, page);
            foreach (string address in Address().Matches(text).Select(m => WebUtility.HtmlDecode(m.Groups[1].Value)))
            {
                Assert.DoesNotContain(":", address.Replace("%3A", "", StringComparison.Ordinal), $"{page}: {address} is not relative");
                string target = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, Uri.UnescapeDataString(address)));
                Assert.StartsWith(root + Path.DirectorySeparatorChar, target, page);
                Assert.IsTrue(File.Exists(target), $"{page}: {address} leads nowhere");
                linked.Add(target);
            }
        }

        string data = File.ReadAllText(Path.Combine(root, "search-data.js"));
        foreach (JsonElement entry in JsonDocument.Parse(data["const site = ".Length..].TrimEnd('\n', ';')).RootElement.EnumerateArray())
        {
            foreach (string address in new[] { "page", "image" }.Select(n => entry.GetProperty(n).GetString()).OfType<string>())
            {
                Assert.IsTrue(File.Exists(Path.Combine(root, Uri.UnescapeDataString(address))), $"search: {address} leads nowhere");
            }
        }

        string[] lost = [.. pages.Where(p => !linked.Contains(p))];
        Assert.IsEmpty(lost, string.Join(' ', lost));
        return pages;
    }

    [GeneratedRegex("(?:href|src)=\"([^\"]*)\"")]
    private static partial Regex Address();
}
