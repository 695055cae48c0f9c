using Interp.Tests.Support;

namespace Interp.Tests.Docs;

/// <summary>Every C# block of the documentation is part of a file that the build compiles: a sample, or for developers the library or a
/// test itself.</summary>
[TestClass]
public sealed class CodeBlockTests
{
    private static readonly string[] s_folders = ["samples", "Engine", "Weights", "Cuda", "Tests"];

    [TestMethod]
    public void Blocks_OfEveryPage_ArePartOfASourceFile()
    {
        (string Name, string Text)[] sources =
        [
            .. from folder in s_folders
               from file in Directory.EnumerateFiles(Repository.PathOf(folder), "*.cs", SearchOption.AllDirectories)
               select (Path.GetRelativePath(Repository.Folder, file), Normal(File.ReadAllLines(file))),
        ];
        int blocks = 0;
        foreach (DocPage page in DocPage.All)
        {
            foreach (DocPage.Fence block in page.Fences.Where(f => f.Language == "csharp"))
            {
                blocks++;
                string text = Normal(block.Lines);
                bool onlySamples = !page.Name.EndsWith("CONTRIBUTING.md", StringComparison.Ordinal);
                Assert.IsTrue(
                    sources.Any(s => (!onlySamples || s.Name.StartsWith("samples", StringComparison.Ordinal))
                    && s.Text.Contains(text, StringComparison.Ordinal)),
                    $"{page.Name}:{block.Number}: the code is no part of a file in "
                    + $"{(onlySamples ? "samples" : string.Join(", ", s_folders))}");
            }
        }

        Assert.IsGreaterThan(4, blocks, "the pages' C# blocks are not found");
    }

    /// <summary>Lines without their indentation, and without empty ones.</summary>
    private static string Normal(string[] lines) => '\n' + string.Join('\n', lines.Select(l => l.Trim()).Where(l => l.Length > 0)) + '\n';
}
