using Interp.Cli;
using Interp.Tests.Support;
using Spectre.Console.Testing;

namespace Interp.Tests.Docs;

/// <summary>What README.md promises, and its size.</summary>
[TestClass]
public sealed class ReadmeTests
{
    private const int MostLines = 200, MostColumns = 120;

    [TestMethod]
    public void Readme_FitsTwoScreens()
    {
        DocPage readme = DocPage.All[0];
        Assert.IsLessThanOrEqualTo(MostLines, readme.Lines.Length);
        AssertColumns(readme.Name, readme.Lines.Index().Select(l => (l.Index + 1, l.Item)));
    }

    [TestMethod]
    public void Pages_OutsideTablesAndCode_FitTheWidth()
    {
        foreach (DocPage page in DocPage.All.Skip(1))
        {
            AssertColumns(page.Name, page.Prose.Where(l => !l.Text.StartsWith('|')));
        }
    }

    [TestMethod]
    public void FirstBlocks_AreTheCommandThatExplainsAndTheOneThatTests()
    {
        DocPage.Fence[] blocks = [.. DocPage.All[0].Fences.Where(f => f.Language == "sh").Take(2)];
        Assert.HasCount(1, blocks[0].Lines);
        Assert.StartsWith("scripts/interp-cli saliency Cli/photos/chelsea.png --method ", blocks[0].Lines[0]);
        Assert.EndsWith(" --out out", blocks[0].Lines[0]);
        CollectionAssert.AreEqual((string[])["scripts/check"], blocks[1].Lines);
    }

    [TestMethod]
    public void Commands_AllOfThem_AreListed()
    {
        string readme = string.Join('\n', DocPage.All[0].Lines);
        foreach (string name in Program.BuildRoot(new CliContext(TextWriter.Null, new TestConsole())).Subcommands.Select(c => c.Name))
        {
            Assert.Contains($"[`{name}`](docs/", readme, $"README.md does not list the command {name}");
        }
    }

    [TestMethod]
    public void Folders_AllOfThem_AreExplainedToDevelopers()
    {
        string page = File.ReadAllText(Repository.PathOf("docs", "development.md"));
        foreach (string folder in Directory.EnumerateDirectories(Repository.Folder).Select(f => Path.GetFileName(f)!).Where(
            f => !f.StartsWith('.') && f is not ("artifacts" or "out")))
        {
            Assert.Contains($"`{folder}`", page, $"docs/development.md does not say what is in {folder}");
        }
    }

    private static void AssertColumns(string page, IEnumerable<(int Number, string Text)> lines)
    {
        foreach ((int number, string text) in lines)
        {
            Assert.IsLessThanOrEqualTo(MostColumns, text.Length, $"{page}:{number}");
        }
    }
}
