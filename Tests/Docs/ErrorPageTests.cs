using System.Text.RegularExpressions;
using Interp.Tests.Support;

namespace Interp.Tests.Docs;

/// <summary>Every message that docs/errors.md explains is one that the program gives.</summary>
[TestClass]
public sealed partial class ErrorPageTests
{
    private static readonly string[] s_folders = ["Cli", "Engine", "Weights", "Cuda", "scripts"];

    [TestMethod]
    public void Messages_OfThePage_AreInTheSources()
    {
        string sources = string.Join(
            '\n', s_folders.SelectMany(f => Directory.EnumerateFiles(Repository.PathOf(f), "*", SearchOption.AllDirectories))
            .Where(f => f.EndsWith(".cs", StringComparison.Ordinal) || !Path.HasExtension(f)).Select(File.ReadAllText));
        sources = OptionName().Replace(Joint().Replace(sources, ""), "--$1");
        DocPage page = DocPage.All.Single(p => p.Name == "docs/errors.md");
        string[] messages = [
            .. page.Prose.Where(l => l.Text.StartsWith("| `", StringComparison.Ordinal)).Select(l => l.Text.Split('`')[1])];
        Assert.IsGreaterThan(20, messages.Length);
        string[] unknown = [.. messages.Where(m => !sources.Contains(m.Split('…').MaxBy(p => p.Length)!.Trim(), StringComparison.Ordinal))];
        Assert.IsEmpty(unknown, string.Join('\n', unknown));
    }

    /// <summary>Where a text goes on in the next line of the source.</summary>
    [GeneratedRegex("\"\\s*\\+\\s*\\$?\"")]
    private static partial Regex Joint();

    [GeneratedRegex("option '([a-z0-9-]+)'")]
    private static partial Regex OptionName();
}
