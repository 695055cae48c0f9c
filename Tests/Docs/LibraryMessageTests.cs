using System.Text.RegularExpressions;
using Interp.Cli;
using Interp.Tests.Support;

namespace Interp.Tests.Docs;

/// <summary>
/// The library does not speak of command lines: it calls an option <c>option 'layer'</c>, and the program's reports make <c>--layer</c> of
/// it.
/// </summary>
[TestClass]
public sealed partial class LibraryMessageTests
{
    [TestMethod]
    public void Texts_OfTheLibrary_NameNoOptionAsTheCommandLineDoes()
    {
        string[] wrong =
        [
            .. from folder in (string[])["Engine", "Weights", "Cuda"]
               from file in Directory.EnumerateFiles(Repository.PathOf(folder), "*.cs", SearchOption.AllDirectories)
               where Path.GetFileName(file) != "ForeignModel.cs" // It names the options of other programs.
               from line in File.ReadLines(file).Index()
               where !line.Item.TrimStart().StartsWith("//", StringComparison.Ordinal) && OptionInText().IsMatch(line.Item)
               select $"{Path.GetRelativePath(Repository.Folder, file)}:{line.Index + 1}: {line.Item.Trim()}",
        ];
        Assert.IsEmpty(wrong, string.Join('\n', wrong));
    }

    [TestMethod]
    [DataRow("option 'layer' features.3: it gives [1,32]", "--layer features.3: it gives [1,32]")]
    [DataRow("try option 'no-relu', or option 'relu-rule' vanilla", "try --no-relu, or --relu-rule vanilla")]
    [DataRow("(options 'scale', 'mean' and 'std')", "(--scale, --mean and --std)")]
    [DataRow("no option is called 'x'", "no option is called 'x'")]
    public void Words_OfTheLibrary_BecomeThoseOfTheCommandLine(string library, string program) =>
        Assert.AreEqual(program, OptionWords.OnCommandLine(library));

    /// <summary>An option's two dashes inside a string.</summary>
    [GeneratedRegex("\"[^\"]*--(\\{|[a-z])")]
    private static partial Regex OptionInText();
}
