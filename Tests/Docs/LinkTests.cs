using System.Text.RegularExpressions;
using Interp.Tests.Support;

namespace Interp.Tests.Docs;

/// <summary>Every relative link of the documentation leads to a file, and every anchor to a heading.</summary>
[TestClass]
public sealed partial class LinkTests
{
    [TestMethod]
    public void Links_OfEveryPage_LeadSomewhere()
    {
        var wrong = new List<string>();
        int links = 0;
        foreach (DocPage page in DocPage.All)
        {
            foreach ((int number, string text) in page.Prose)
            {
                foreach (Match match in Link().Matches(Span().Replace(text, "")))
                {
                    string target = match.Groups[1].Value;
                    if (target.Contains("://", StringComparison.Ordinal))
                    {
                        continue;
                    }

                    links++;
                    string[] parts = target.Split('#', 2);
                    string path = parts[0].Length == 0 ? page.Path
                        : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page.Path)!, parts[0]));
                    if (!Path.Exists(path))
                    {
                        wrong.Add($"{page.Name}:{number}: {target}: there is no {parts[0]}");
                    }
                    else if (parts.Length == 2 && DocPage.All.FirstOrDefault(p => p.Path == path)?.Anchors.Contains(parts[1]) != true)
                    {
                        wrong.Add($"{page.Name}:{number}: {target}: no heading is called #{parts[1]}");
                    }
                }
            }
        }

        Assert.IsGreaterThan(50, links, "the pages' links are not found");
        Assert.IsEmpty(wrong, string.Join('\n', wrong));
    }

    [TestMethod]
    public void Pages_AllOfThem_AreLinkedFromTheReadmeAndTheSite()
    {
        string readme = string.Join('\n', DocPage.All[0].Lines), site = File.ReadAllText(Repository.PathOf("docs", "site", "toc.yml"));
        foreach (DocPage page in DocPage.All.Skip(1))
        {
            Assert.Contains($"({page.Name}", readme, $"README.md has no link to {page.Name}");
            Assert.Contains($"href: {page.Name}\n", site, $"docs/site/toc.yml does not list {page.Name}");
        }
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("`[^`]*`")]
    private static partial Regex Span();
}
