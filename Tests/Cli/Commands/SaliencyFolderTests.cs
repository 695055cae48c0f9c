using System.Security.Cryptography;
using System.Text.Json;
using Interp.Engine.Imaging;
using Interp.Tests.Cli.Support;
using Interp.Tests.Support;

namespace Interp.Tests.Cli.Commands;

/// <summary>A folder of results is about one image, one model and one target.</summary>
[TestClass]
public sealed class SaliencyFolderTests
{
    [TestMethod]
    public void OtherImage_UnderTheSameName_ReplacesTheFolderAndSaysSo()
    {
        using var scratch = new TemporaryFolder();
        string first = TestImages.WritePng(scratch["d1", "x.png"], 1), second = TestImages.WritePng(scratch["d2", "x.png"], 2);
        Explain(scratch, first, "--method", "vanilla,gradcam").AssertDone();

        CliResult result = Explain(scratch, second, "--method", "gradcam").AssertDone();

        Assert.Contains("held gradcam, vanilla of", result.Error);
        Assert.Contains("another --out keeps both", result.Error);
        CollectionAssert.AreEqual((string[])["gradcam", "input.png"], Entries(scratch["out", "x"]));
        Assert.AreEqual(Hash(second), Manifest(scratch["out", "x", "gradcam"]).GetProperty("image_hash").GetString());
        CollectionAssert.AreEqual(Resized(scratch, second).Pixels, ImageFile.Read(scratch["out", "x", "input.png"]).Pixels);
    }

    [TestMethod]
    [DataRow("--class", "3")]
    [DataRow("--probability", "true")]
    [DataRow("--against", "3")]
    [DataRow("--unit", "features.3:5")]
    public void OtherTarget_ReplacesTheFolder(string option, string value)
    {
        using var scratch = new TemporaryFolder();
        string image = TestImages.WritePng(scratch["x.png"]);
        Explain(scratch, [image, "--method", "vanilla", .. option == "--unit" ? Array.Empty<string>() : ["--class", "2"]]).AssertDone();

        string[] target = option is "--class" or "--unit" ? [option, value] : ["--class", "2", option, value];
        Assert.Contains("held vanilla of", Explain(scratch, [image, "--method", "guided", .. target]).AssertDone().Error);

        CollectionAssert.AreEqual((string[])["guided", "input.png"], Entries(scratch["out", "x"]));
    }

    [TestMethod]
    public void OtherModel_ReplacesTheFolder()
    {
        using var scratch = new TemporaryFolder();
        string image = TestImages.WritePng(scratch["x.png"]);
        Explain(scratch, image, "--method", "vanilla").AssertDone();

        CliResult result = CliRunner.Run(
            "saliency", image, "--method", "guided", "--model", OtherModel.Write(scratch["model"]), "--out", scratch["out"]).AssertDone();

        Assert.Contains("by tiny: removed", result.Error);
        CollectionAssert.AreEqual((string[])["guided", "input.png"], Entries(scratch["out", "x"]));
    }

    [TestMethod]
    public void SameImageModelAndTarget_AddsMethods()
    {
        using var scratch = new TemporaryFolder();
        string image = TestImages.WritePng(scratch["x.png"]);
        Explain(scratch, image, "--method", "vanilla").AssertDone();
        int top = Manifest(scratch["out", "x", "vanilla"]).GetProperty("class").GetInt32();
        Directory.CreateDirectory(scratch["elsewhere"]);
        File.Copy(image, scratch["elsewhere", "x.png"]);

        Assert.DoesNotContain("held",
            Explain(scratch, scratch["elsewhere", "x.png"], "--method", "guided", "--class", $"{top}", "--seed", "4").AssertDone().Error);

        CollectionAssert.AreEqual((string[])["guided", "input.png", "vanilla"], Entries(scratch["out", "x"]));
    }

    [TestMethod]
    public void PartsOfABatch_AreImagesOfTheirOwn()
    {
        using var scratch = new TemporaryFolder();
        string batch = TestImages.WriteNpy(scratch["x.npy"], 2, 3, 32, 32);
        Explain(scratch, batch, "--method", "vanilla", "--class", "2").AssertDone();

        Assert.Contains("2 of 4 results were there",
            Explain(scratch, batch, "--method", "vanilla,guided", "--class", "2").AssertDone().Error);
    }

    [TestMethod]
    public void WhatARunLeftThatWasKilled_GoesWithIt()
    {
        using var scratch = new TemporaryFolder();
        string first = TestImages.WritePng(scratch["d1", "x.png"], 1), second = TestImages.WritePng(scratch["d2", "x.png"], 2);
        Explain(scratch, first, "--method", "vanilla,guided").AssertDone();
        File.Delete(scratch["out", "x", "vanilla", "manifest.json"]); // As after a kill in the middle of writing.
        File.WriteAllText(scratch["out", "x", "vanilla", "notes.txt"], "mine");
        foreach (string file in Directory.GetFiles(scratch["out", "x", "vanilla"]))
        {
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddMinutes(-1));
        }

        Explain(scratch, second, "--method", "gradcam").AssertDone();

        CollectionAssert.AreEqual((string[])["gradcam", "input.png", "vanilla"], Entries(scratch["out", "x"]));
        CollectionAssert.AreEqual((string[])["notes.txt"], Entries(scratch["out", "x", "vanilla"]), "what is not the program's stays");
    }

    [TestMethod]
    public void OwnFilesOfTheUser_AndHostileManifests_AreLeftAlone()
    {
        using var scratch = new TemporaryFolder();
        string first = TestImages.WritePng(scratch["d1", "x.png"], 1), second = TestImages.WritePng(scratch["d2", "x.png"], 2);
        Explain(scratch, first, "--method", "vanilla").AssertDone();
        string mine = TestImages.WritePng(scratch["out", "x", "mine", "photo.png"]),
            precious = TestImages.WritePng(scratch["precious.png"]);
        string manifest = scratch["out", "x", "vanilla", "manifest.json"];
        File.WriteAllText(manifest,
            File.ReadAllText(manifest).Replace("\"color.png\",", "\"color.png\", \"../../../precious.png\",", StringComparison.Ordinal));

        Explain(scratch, second, "--method", "gradcam").AssertDone();

        Assert.IsTrue(File.Exists(mine));
        Assert.IsTrue(File.Exists(precious), "a manifest may not name what lies outside its folder");
        Assert.IsFalse(File.Exists(manifest));
    }

    [TestMethod]
    public void ImagesWhoseNamesAreDots_StayBelowOut()
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePng(scratch["in", "...png"], 1);
        TestImages.WritePng(scratch["in", "..png"], 2);

        CliResult result = Explain(scratch, scratch["in"], "--method", "gradcam").AssertDone();

        CollectionAssert.AreEqual((string[])["in", "out"], Entries(scratch.Root));
        CollectionAssert.AreEqual((string[])["...png", "..png"], Entries(scratch["out"]));
        Assert.Contains("its name cannot be a folder's", result.Error);
    }

    [TestMethod]
    public void Report_AfterSomeWereRedone_HoldsOneImageUnderEachName()
    {
        using var scratch = new TemporaryFolder();
        string first = TestImages.WritePng(scratch["d1", "x.png"], 1), second = TestImages.WritePng(scratch["d2", "x.png"], 2);
        string[] more = ["--method", "vanilla,gradcam", "--report", "--evidence", "false"];
        Explain(scratch, [second, .. more, "--out", scratch["whole"]]).AssertDone();
        Explain(scratch, [first, .. more]).AssertDone();
        Explain(scratch, second, "--method", "vanilla").AssertDone();

        Assert.Contains("1 of 2 results were there", Explain(scratch, [second, .. more]).AssertDone().Error);

        Assert.AreEqual(Times(File.ReadAllText(scratch["whole", "report.html"])), Times(File.ReadAllText(scratch["out", "report.html"])));

        static string Times(string page) => System.Text.RegularExpressions.Regex.Replace(page, "\"time_ms\":[0-9.]+", "");
    }

    private static RgbImage Resized(TemporaryFolder scratch, string image)
    {
        Explain(scratch, image, "--method", "gradcam", "--out", scratch["alone"]).AssertDone();
        return ImageFile.Read(scratch["alone", "x", "input.png"]);
    }

    private static string[] Entries(string folder) =>
        [.. Directory.EnumerateFileSystemEntries(folder).Select(e => Path.GetFileName(e)).Order(StringComparer.Ordinal)];

    private static string Hash(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));

    private static CliResult Explain(TemporaryFolder scratch, params string[] args) =>
        CliRunner.Run(
        ["saliency", .. args, "--model", TinyModel.Folder, .. args.Contains("--out") ? Array.Empty<string>() : ["--out", scratch["out"]]]);

    private static JsonElement Manifest(string folder) =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "manifest.json"))).RootElement;
}
