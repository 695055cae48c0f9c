using System.Text.Json;
using Interp.Cli;
using Interp.Engine.Imaging;
using Interp.Tests.Cli.Support;
using Interp.Tests.Engine.LabelSets;
using Interp.Tests.Support;

namespace Interp.Tests.Cli.Commands;

/// <summary>The command that checks a label set.</summary>
[TestClass]
public sealed class LabelsCommandTests
{
    [TestMethod]
    public void Labels_GoodAndBadImages_CountsTheGoodAndNamesTheBadInOneLineEach()
    {
        using LabelFixture set = Set();
        CliResult result = CliRunner.Run("labels", set.Root);
        Assert.AreEqual(ExitCodes.Usage, result.ExitCode);
        string[] errors = [.. result.Error.Split('\n').Where(l => l.StartsWith("error: ", StringComparison.Ordinal))];
        Assert.HasCount(1, errors, result.Error);
        Assert.Contains("masks/c.png", errors[0]);
        Assert.Contains("note: recognised as masks by", result.Error);
        Assert.Contains("note: number 0, 'background', is taken for no label", result.Error);
        Assert.Contains("the number 9 (6 pixels)", result.Error);
        Assert.Contains("2 of 3 images read, 1 of 2 concepts occur", result.Out);
        Assert.MatchesRegex(@"object\s+../sky\s+2\s+50.00 %", result.Out);
    }

    [TestMethod]
    public void Labels_Json_HasAllConceptsAndProblems()
    {
        using LabelFixture set = Set();
        JsonElement json = CliRunner.Run("labels", set.Root, "--json", "--threads", "3").Json;
        Assert.AreEqual("masks", json.GetProperty("layout").GetString());
        Assert.AreEqual("3 2 96", string.Join(' ', json.GetProperty("images"), json.GetProperty("read"), json.GetProperty("pixels")));
        Assert.AreEqual(2, json.GetProperty("concepts").GetArrayLength());
        Assert.AreEqual(48, json.GetProperty("concepts")[0].GetProperty("pixels").GetInt32());
        Assert.AreEqual("images/c.png", json.GetProperty("problems")[0].GetProperty("image").GetString());
    }

    [TestMethod]
    public void Labels_Out_HasASheetATableAndNothingElseAnywhere()
    {
        using LabelFixture set = Set();
        using var folder = new TemporaryFolder();
        string[] before = TemporaryFolder.FilesBelow(set.Root);
        Assert.AreEqual(ExitCodes.Usage, CliRunner.Run("labels", set.Root, "--out", folder["out"]).ExitCode);
        CollectionAssert.AreEqual((string[])["out", "out/concepts.csv", "out/labels.json", "out/sheet.png"], folder.Everything());
        CollectionAssert.AreEqual(before, TemporaryFolder.FilesBelow(set.Root));
        string[] lines = File.ReadAllLines(folder["out", "concepts.csv"]);
        CollectionAssert.AreEqual(
            (string[])["label,category,concept,images,pixels,share", "1,object,../sky,2,48,0.5", "2,object,sea,0,0,0"], lines);
        RgbImage sheet = ImageFile.Read(folder["out", "sheet.png"]);
        Assert.AreEqual(12 + (2 * 412), sheet.Width, "two images beside each other");
        Assert.IsTrue(Has(sheet, 0x0072B2), "the outline of the first label has the first colour");
    }

    [TestMethod]
    public void Labels_WrongUse_IsOneLine()
    {
        using var folder = new TemporaryFolder();
        CliRunner.Run("labels", folder["none"]).AssertFailed(ExitCodes.Usage, "no such file or folder");
        CliRunner.Run("labels", folder.Root).AssertFailed(ExitCodes.Usage, "no label layout is recognised");
        CliRunner.Run("labels", folder.Root, "--layout", "x").AssertFailed(ExitCodes.Usage, "unknown label layout 'x'", "yolo-seg");
        CliRunner.Run("labels", folder.Root, "--layout", "voc").AssertFailed(ExitCodes.Usage, "JPEGImages");
        CliRunner.Run("labels", folder.Root, "--polygon-rule", "x").AssertFailed(ExitCodes.Usage, "edge", "centre");
        using LabelFixture set = Set();
        CliRunner.Run("labels", set.Root, "--out", folder.Unwritable()).AssertFailed(ExitCodes.Output, "--out");
    }

    [TestMethod]
    public void Labels_Patterns_AreASetToo()
    {
        CliResult result = CliRunner.Run("labels", "patterns").AssertDone();
        Assert.Contains("patterns: 240 of 240 images read", result.Out);
    }

    private static LabelFixture Set()
    {
        var set = new LabelFixture();
        set.Text("classes.txt", "0: background\n1: ../sky\n2: sea\n");
        set.Photo("images/a.png").Photo("images/b.png").Photo("images/c.png");
        set.Mask("masks/a.png", 8, 6, (x, _) => x < 4 ? 1 : 0).Mask("masks/b.png", 8, 6, (x, _) => x < 4 ? 1 : x == 7 ? 9 : 0);
        return set.Mask("masks/c.png", 4, 6, (_, _) => 1);
    }

    private static bool Has(RgbImage image, int rgb) => Enumerable.Range(0, image.Width * image.Height).Any(
        i => (image.Pixels[3 * i] << 16 | image.Pixels[(3 * i) + 1] << 8 | image.Pixels[(3 * i) + 2]) == rgb);
}
