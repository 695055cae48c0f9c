namespace Interp.Tests.Docs.Generated;

/// <summary>The generated parts of the documentation are what the program's catalogs say; scripts/docs writes them.</summary>
[TestClass]
public sealed class GeneratedPageTests
{
    private const string Switch = "INTERP_WRITE_DOCS";

    [TestMethod]
    public void Sections_OfEveryPage_AreWhatTheProgramSays()
    {
        var found = new List<string>();
        foreach (DocPage page in DocPage.All)
        {
            (string text, IReadOnlyList<string> names) = GeneratedSections.Write(page);
            found.AddRange(names);
            if (Environment.GetEnvironmentVariable(Switch) == "1")
            {
                File.WriteAllText(page.Path, text);
                continue;
            }

            string[] expected = text.TrimEnd('\n').Split('\n');
            int line = Enumerable.Range(0, Math.Min(expected.Length, page.Lines.Length)).FirstOrDefault(
                i => expected[i] != page.Lines[i], -1);
            Assert.IsTrue(
                line < 0 && expected.Length == page.Lines.Length,
                $"{page.Name}:{line + 1} is not what the program says: run 'scripts/docs --write'; expected: "
                + $"{expected.ElementAtOrDefault(line)}");
        }

        CollectionAssert.AreEquivalent(GeneratedSections.All.Keys.ToArray(), found, "each section has one place");
    }
}
