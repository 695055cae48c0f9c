using System.Text.Json;
using Interp.Cli;
using Interp.Engine.Attribution;
using Interp.Engine.Tensors;
using Interp.Tests.Cli.Support;
using Interp.Tests.Support;

namespace Interp.Tests.Cli.Commands;

[TestClass]
public sealed class SaliencyCommandTests
{
    private static readonly string[] MethodFiles =
        ["attribution.npy", "color.png", "heatmap.png", "manifest.json", "negative.png", "overlay.png", "positive.png"];

    [TestMethod]
    public void AllMethods_WriteEveryFileOfTheInterface()
    {
        using var scratch = new TemporaryFolder();

        Explain(scratch, TestImages.WritePng(scratch["cat.png"]), "--method", "all").AssertDone();

        string[] expected = ["cat/input.png", .. from m in AttributionCatalog.All from f in FilesOf(m) select $"cat/{m.Name}/{f}"];
        string[] found = TemporaryFolder.FilesBelow(scratch["out"]);
        CollectionAssert.IsSubsetOf(expected, found);
        Assert.IsTrue(
            found.Except(expected).All(f =>
                f.EndsWith(".npy", StringComparison.Ordinal) || f.StartsWith("cat/sufficient/", StringComparison.Ordinal)),
            "what else there is are arrays and images of the methods' own");
    }

    [TestMethod]
    public void Manifest_RecordsWhereTheResultCameFrom()
    {
        using var scratch = new TemporaryFolder();
        string image = TestImages.WritePng(scratch["cat.png"]);

        Explain(scratch, image, "--method", "vanilla", "--relu-rule", "deconvnet", "--class", "goldfish", "--seed", "5", "--threads", "2",
            "--alpha", "0.25").AssertDone();

        JsonElement m = Manifest(scratch["out", "cat", "vanilla"]);
        Assert.MatchesRegex(@"^\d+\.\d+\.\d+", m.GetProperty("version").GetString()!);
        Assert.AreEqual("tiny", m.GetProperty("model").GetString());
        Assert.AreEqual(64, m.GetProperty("model_hash").GetString()!.Length);
        Assert.AreEqual(image, m.GetProperty("image").GetString());
        Assert.AreEqual(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(image))),
            m.GetProperty("image_hash").GetString());
        Assert.AreEqual(2, m.GetProperty("class").GetInt32());
        Assert.AreEqual("goldfish", m.GetProperty("label").GetString());
        Assert.AreEqual("logit", m.GetProperty("target").GetString());
        Assert.AreEqual("vanilla", m.GetProperty("method").GetString());
        Assert.AreEqual("deconvnet", m.GetProperty("options").GetProperty("relu-rule").GetString());
        Assert.AreEqual(0.25, m.GetProperty("options").GetProperty("alpha").GetDouble());
        Assert.AreEqual(5, m.GetProperty("seed").GetInt32());
        Assert.AreEqual(2, m.GetProperty("threads").GetInt32());
        Assert.AreEqual("cpu", m.GetProperty("backend").GetString());
        Assert.IsGreaterThan(0, m.GetProperty("instruction_set").GetString()!.Length);
        Assert.IsGreaterThan(0, m.GetProperty("time_ms").GetDouble());
        (Shape shape, float[] values) = Npy.Read(scratch["out", "cat", "vanilla", "attribution.npy"]);
        Assert.AreEqual(new Shape(3, 32, 32), shape);
        Assert.AreEqual(values.Min(), m.GetProperty("raw_min").GetSingle());
        Assert.AreEqual(values.Max(), m.GetProperty("raw_max").GetSingle());
    }

    [TestMethod]
    public void Class_NotGiven_IsTheTopClassAndTheOutputSaysSo()
    {
        using var scratch = new TemporaryFolder();
        string image = TestImages.WritePng(scratch["cat.png"]);
        JsonElement top = CliRunner.Run("predict", image, "--top", "1", "--json", "--model", TinyModel.Folder).Json[0].GetProperty("top")[
            0];

        string table = Explain(scratch, image, "--method", "guided").AssertDone().Out;

        Assert.Contains($"{top.GetProperty("class").GetInt32()} {top.GetProperty("label").GetString()} (top)", table);
        JsonElement m = Manifest(scratch["out", "cat", "guided"]);
        Assert.AreEqual(top.GetProperty("class").GetInt32(), m.GetProperty("class").GetInt32());
        Assert.AreEqual(top.GetProperty("class").GetInt32(), m.GetProperty("top_class").GetInt32());
        Assert.AreEqual(top.GetProperty("logit").GetSingle(), m.GetProperty("logit").GetSingle());
    }

    [TestMethod]
    [DataRow("cat", "ambiguous")]
    [DataRow("unicorn", "unicorn")]
    [DataRow("10", "0 to 9")]
    [DataRow("-1", "0 to 9")]
    public void Class_NotOne_GivesCode2AndWritesNothing(string text, string part)
    {
        using var scratch = new TemporaryFolder();

        Explain(scratch, TestImages.WritePng(scratch["a.png"]), "--method", "guided", "--class", text).AssertFailed(ExitCodes.Usage, part);
        Assert.IsFalse(Directory.Exists(scratch["out"]));
    }

    [TestMethod]
    public void Json_ListsFoldersAndManifests()
    {
        using var scratch = new TemporaryFolder();

        JsonElement[] lines = [
            .. Explain(scratch, TestImages.WritePng(scratch["cat.png"]), "--method", "vanilla,guided", "--json")
            .AssertDone().Json.EnumerateArray()];

        Assert.HasCount(2, lines);
        foreach (JsonElement line in lines)
        {
            string folder = line.GetProperty("folder").GetString()!;
            CollectionAssert.AreEquivalent(MethodFiles, line.GetProperty("files").EnumerateArray().Select(f => f.GetString()).ToArray());
            Assert.AreEqual(Manifest(folder).GetRawText().Length, line.GetProperty("manifest").GetRawText().Replace("\n    ", "\n").Length);
        }
    }

    [TestMethod]
    public void SameStems_GetNamesOfTheirOwn()
    {
        using var scratch = new TemporaryFolder();
        string first = TestImages.WritePng(scratch["one", "cat.png"], 1), second = TestImages.WritePng(scratch["two", "cat.png"], 2);

        CliResult result = Explain(scratch, first, second, "--method", "guided").AssertDone();

        Assert.AreEqual(first, Manifest(scratch["out", "cat", "guided"]).GetProperty("image").GetString());
        Assert.AreEqual(second, Manifest(scratch["out", "cat-2", "guided"]).GetProperty("image").GetString());
        Assert.Contains("cat-2", result.Error);
    }

    [TestMethod]
    public void Npy_Batch_GivesOneFolderForEach()
    {
        using var scratch = new TemporaryFolder();

        Explain(scratch, TestImages.WriteNpy(scratch["x.npy"], 2, 3, 36, 32), "--method", "vanilla").AssertDone();

        Assert.AreEqual(new Shape(3, 36, 32), Npy.Read(scratch["out", "x-0", "vanilla", "attribution.npy"]).Shape);
        Assert.IsTrue(File.Exists(scratch["out", "x-1", "vanilla", "manifest.json"]));
    }

    [TestMethod]
    public void Threads_AnyNumber_GivesTheSameBytes()
    {
        using var scratch = new TemporaryFolder();
        string image = TestImages.WritePng(scratch["cat.png"]);
        foreach (string n in (string[])["1", "2", "3"])
        {
            CliRunner.Run("saliency", image, "--model", TinyModel.Folder, "--method", "all", "--threads", n, "--out", scratch[n])
                .AssertDone();
        }

        foreach (string file in TemporaryFolder.FilesBelow(scratch["1"]).Where(f => !f.EndsWith("manifest.json", StringComparison.Ordinal)))
        {
            byte[] one = File.ReadAllBytes(scratch["1", file]);
            CollectionAssert.AreEqual(one, File.ReadAllBytes(scratch["2", file]), file);
            CollectionAssert.AreEqual(one, File.ReadAllBytes(scratch["3", file]), file);
        }
    }

    [TestMethod]
    public void ReluRule_OfAnotherMethod_GivesThatMethodsBytes()
    {
        using var scratch = new TemporaryFolder();
        string image = TestImages.WritePng(scratch["cat.png"]);

        Explain(scratch, image, "--method", "guided").AssertDone();
        CliRunner.Run("saliency", image, "--model", TinyModel.Folder, "--method", "vanilla", "--relu-rule", "guided", "--out",
            scratch["other"]).AssertDone();

        CollectionAssert.AreEqual(
            File.ReadAllBytes(scratch["out", "cat", "guided", "attribution.npy"]),
            File.ReadAllBytes(scratch["other", "cat", "vanilla", "attribution.npy"]));
    }

    [TestMethod]
    public void Out_BelowAFile_GivesCode5()
    {
        using var scratch = new TemporaryFolder();

        CliRunner.Run("saliency", TestImages.WritePng(scratch["a.png"]), "--model", TinyModel.Folder, "--method", "guided", "--out",
            scratch.Unwritable())
            .AssertFailed(ExitCodes.Output, "below", "--out");
    }

    [TestMethod]
    public void Method_Unknown_GivesCode2AndNamesThoseThereAre()
    {
        using var scratch = new TemporaryFolder();

        Explain(scratch, "a.png", "--method", "guidde").AssertFailed(ExitCodes.Usage, "guidde", "vanilla, deconvnet, guided");
        Explain(scratch, "a.png", "--method", ",").AssertFailed(ExitCodes.Usage, "--method");
        Explain(scratch, "a.png", "--method", "guided", "--relu-rule", "x").AssertFailed(ExitCodes.Usage, "--relu-rule", "'x'");
    }

    [TestMethod]
    public void Cost_IsSaidBeforeTheWorkUnlessItIsSmallOrQuietIsWanted()
    {
        using var scratch = new TemporaryFolder();
        string image = TestImages.WritePng(scratch["cat.png"]);
        string[] args = [image, "--method", "vanilla,rise", "--samples", "200"];

        Assert.Contains("about 203 passes through the network; most for rise: 201", Explain(scratch, args).AssertDone().Error);
        Assert.Contains("2 of 2 results were there", Explain(scratch, args).AssertDone().Error);
        Assert.AreEqual("", Explain(scratch, [.. args, "--quiet"]).AssertDone().Error);
        Assert.AreEqual("", Explain(scratch, image, "--method", "gradcam").AssertDone().Error);
        Assert.Contains("for evidence", Explain(scratch, [.. args, "--evidence", "--metrics", "deletion"]).AssertDone().Error);
    }

    [TestMethod]
    public void Summary_NamesWhatIsExplained()
    {
        using var scratch = new TemporaryFolder();
        string image = TestImages.WritePng(scratch["cat.png"]);

        Assert.Contains("2 goldfish rather than 3 zebra",
            Explain(scratch, image, "--method", "vanilla", "--class", "2", "--against", "3").AssertDone().Out);
        Assert.Contains("channel features.3:1; top is ",
            Explain(scratch, image, "--method", "vanilla", "--unit", "features.3:1").AssertDone().Out);
    }

    [TestMethod]
    public void Cancelled_GivesCode130AndNothingHalfWritten()
    {
        using var scratch = new TemporaryFolder();

        CliResult result = CliRunner.Run(
            new CancellationToken(canceled: true), "saliency", TestImages.WritePng(scratch["a.png"]), "--model", TinyModel.Folder,
            "--method", "all", "--out", scratch["out"]);

        Assert.AreEqual(ExitCodes.Cancelled, result.ExitCode);
        Assert.Contains("cancelled", result.Error);
        Assert.IsEmpty(TemporaryFolder.FilesBelow(scratch["out"]));
    }

    [TestMethod]
    public void Image_UnreadableAmongOthers_IsReportedAndTheOthersAreExplained()
    {
        using var scratch = new TemporaryFolder();
        File.WriteAllText(scratch["bad.png"], "no image");

        CliResult result = Explain(scratch, scratch["bad.png"], TestImages.WritePng(scratch["good.png"]), "--method", "guided");

        Assert.AreEqual(ExitCodes.Usage, result.ExitCode);
        Assert.Contains("bad.png", result.Error);
        Assert.IsTrue(File.Exists(scratch["out", "good", "guided", "manifest.json"]));
    }

    private static CliResult Explain(TemporaryFolder scratch, params string[] args) =>
        CliRunner.Run(["saliency", .. args, "--model", TinyModel.Folder, "--out", scratch["out"]]);

    private static JsonElement Manifest(string folder) =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "manifest.json"))).RootElement;

    /// <summary>Maps leave out the three images that need colour channels.</summary>
    private static IEnumerable<string> FilesOf(AttributionMethod method) =>
        method.Kind.IsMap() ? MethodFiles.Except(["color.png", "negative.png", "positive.png"]) : MethodFiles;
}
