using System.Globalization;
using Interp.Tests.Support;

namespace Interp.Tests.Source;

/// <summary>No line of the sources is longer than <c>.editorconfig</c> says.</summary>
[TestClass]
public sealed class LineLengthTests
{
    [TestMethod]
    public void Lines_OfAllSources_FitTheEditorsWidth()
    {
        string width = File.ReadLines(Repository.PathOf(".editorconfig")).Single(
            l => l.StartsWith("max_line_length", StringComparison.Ordinal));
        int most = int.Parse(width.Split('=')[1], CultureInfo.InvariantCulture);
        string[] files = [.. from folder in (string[])["Engine", "Weights", "Cuda", "Cli", "Tests", "samples"]
                             from file in Directory.EnumerateFiles(Repository.PathOf(folder), "*.cs", SearchOption.AllDirectories)
                             where !file.Split(Path.DirectorySeparatorChar).Any(p => p is "obj" or "bin")
                             select file];
        string[] wrong = [.. files.SelectMany(f => File.ReadLines(f).Select((line, i) => (f, i, line.Length)).Where(l => l.Length > most))
            .Select(l => $"{Path.GetRelativePath(Repository.Folder, l.f)}:{l.i + 1}: {l.Length} columns, expected at most {most}")];

        Assert.IsGreaterThan(500, files.Length, "the sources are not found");
        Assert.IsEmpty(wrong, string.Join(Environment.NewLine, wrong));
    }
}
