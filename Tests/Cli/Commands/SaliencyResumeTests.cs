using System.Text.Json;
using Interp.Cli;
using Interp.Tests.Cli.Support;
using Interp.Tests.Support;

namespace Interp.Tests.Cli.Commands;

[TestClass]
public sealed class SaliencyResumeTests
{
    [TestMethod]
    public void SecondRun_KeepsWhatIsThere_AndMakesWhatIsNot()
    {
        using var scratch = new TemporaryFolder();
        string image = TestImages.WritePng(scratch["cat.png"]);
        string first = Explain(scratch, image, "--method", "vanilla,guided").AssertDone().Out;
        string kept = scratch["out", "cat", "vanilla", "manifest.json"], made = scratch["out", "cat", "guided", "heatmap.png"];
        byte[] manifest = File.ReadAllBytes(kept);
        File.Delete(made);

        CliResult second = Explain(scratch, image, "--method", "vanilla,guided").AssertDone();

        Assert.AreEqual(first, second.Out);
        Assert.Contains("1 of 2 results were there", second.Error);
        CollectionAssert.AreEqual(manifest, File.ReadAllBytes(kept), "not written again");
        Assert.IsTrue(File.Exists(made));
    }

    [TestMethod]
    [DataRow("--seed", "3")]
    [DataRow("--class", "4")]
    [DataRow("--relu-rule", "deconvnet")]
    [DataRow("--cmap", "viridis")]
    [DataRow("--conv", "direct")]
    public void OtherSettings_AreMadeAgain(string option, string value)
    {
        using var scratch = new TemporaryFolder();
        string image = TestImages.WritePng(scratch["cat.png"]);
        Explain(scratch, image, "--method", "vanilla").AssertDone();

        Assert.DoesNotContain("were there", Explain(scratch, [image, "--method", "vanilla", option, value]).AssertDone().Error);
    }

    [TestMethod]
    public void OtherThreads_GiveTheSameBits_SoNothingIsMadeAgain()
    {
        using var scratch = new TemporaryFolder();
        string image = TestImages.WritePng(scratch["cat.png"]);
        Explain(scratch, image, "--method", "vanilla", "--threads", "1").AssertDone();

        Assert.Contains("1 of 1 results were there", Explain(scratch, image, "--method", "vanilla", "--threads", "3").AssertDone().Error);
    }

    [TestMethod]
    [DataRow("guided", "attribution.npy", "emptied")]
    [DataRow("guided", "color.png", "junk")]
    [DataRow("guided", "overlay.png", "same length")]
    [DataRow("guided", "heatmap.png", "removed")]
    [DataRow("guided", "manifest.json", "emptied")]
    [DataRow("guided", "manifest.json", "null")]
    [DataRow("gradcam", "cam.npy", "same length")]
    public void DamagedFile_IsMadeAgain_AndNothingElse(string method, string file, string damage)
    {
        using var scratch = new TemporaryFolder();
        string image = TestImages.WritePng(scratch["cat.png"]);
        Explain(scratch, image, "--method", "guided,gradcam").AssertDone();
        string path = scratch["out", "cat", method, file];
        byte[] whole = File.ReadAllBytes(path);
        switch (damage)
        {
            case "removed":
                File.Delete(path);
                break;
            case "null":
                File.WriteAllText(path,
                    File.ReadAllText(path).Replace("\"label\": \"", "\"label\": null, \"was\": \"", StringComparison.Ordinal));
                break;
            default:
                File.WriteAllBytes(path, damage == "emptied" ? [] : damage == "junk" ? [1, 2, 3] : [.. whole.Reverse()]);
                break;
        }

        Assert.Contains("1 of 2 results were there", Explain(scratch, image, "--method", "guided,gradcam").AssertDone().Error);

        if (file != "manifest.json")
        {
            CollectionAssert.AreEqual(whole, File.ReadAllBytes(path)); // A manifest also holds the time that it took.
        }

        Assert.Contains("2 of 2 results were there", Explain(scratch, image, "--method", "guided,gradcam").AssertDone().Error);
    }

    [TestMethod]
    public void DamagedInputPng_IsWrittenAgain_AndTheMapsAreKept()
    {
        using var scratch = new TemporaryFolder();
        string image = TestImages.WritePng(scratch["cat.png"]), input = scratch["out", "cat", "input.png"];
        Explain(scratch, image, "--method", "guided").AssertDone();
        byte[] whole = File.ReadAllBytes(input);
        File.WriteAllBytes(input, []);

        Assert.Contains("1 of 1 results were there", Explain(scratch, image, "--method", "guided").AssertDone().Error);

        CollectionAssert.AreEqual(whole, File.ReadAllBytes(input));
    }

    [TestMethod]
    public void Cancelled_ShowsExactlyWhatIsWritten()
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePngs(scratch["in"], 24);
        File.WriteAllText(scratch["in", "12-bad.png"], "no image"); // Its error message is what the run is cancelled at.

        CliResult stopped = CliRunner.RunUntil(
            "12-bad.png", "saliency", scratch["in"], "--method", "vanilla,guided", "--model", TinyModel.Folder, "--out", scratch["out"],
            "--json");

        Assert.AreEqual(ExitCodes.Cancelled, stopped.ExitCode, stopped.Error);
        string[] shown = [
            .. stopped.Json.EnumerateArray().Select(l => Path.Combine(l.GetProperty("folder").GetString()!, "manifest.json"))];
        Assert.IsGreaterThanOrEqualTo(24, shown.Length, "twelve images with two methods come before the bad one");
        CollectionAssert.AreEquivalent(Directory.GetFiles(scratch["out"], "manifest.json", SearchOption.AllDirectories), shown);
    }

    [TestMethod]
    public void OtherImage_UnderTheSameName_IsMadeAgain()
    {
        using var scratch = new TemporaryFolder();
        Explain(scratch, TestImages.WritePng(scratch["cat.png"], 1), "--method", "vanilla").AssertDone();
        byte[] before = File.ReadAllBytes(scratch["out", "cat", "vanilla", "attribution.npy"]);

        Explain(scratch, TestImages.WritePng(scratch["cat.png"], 2), "--method", "vanilla").AssertDone();

        CollectionAssert.AreNotEqual(before, File.ReadAllBytes(scratch["out", "cat", "vanilla", "attribution.npy"]));
    }

    [TestMethod]
    public void Json_OfKeptResults_IsTheSame()
    {
        using var scratch = new TemporaryFolder();
        string image = TestImages.WritePng(scratch["cat.png"]);

        string first = Explain(scratch, image, "--method", "all", "--json").AssertDone().Out;

        Assert.AreEqual(first, Explain(scratch, image, "--method", "all", "--json").AssertDone().Out);
    }

    [TestMethod]
    public void Evidence_StandsInTheManifest()
    {
        using var scratch = new TemporaryFolder();

        Explain(scratch, TestImages.WritePng(scratch["cat.png"]), "--method", "vanilla", "--evidence", "--metrics", "deletion,sparseness",
            "--curve-steps", "4").AssertDone();

        JsonElement m = JsonDocument.Parse(File.ReadAllText(scratch["out", "cat", "vanilla", "manifest.json"])).RootElement;
        Assert.IsTrue(m.GetProperty("evidence").GetProperty("deletion").GetDouble() is > 0 and < 1);
        Assert.IsTrue(m.GetProperty("evidence").GetProperty("sparseness").GetDouble() is > 0 and < 1);
    }

    private static CliResult Explain(TemporaryFolder scratch, params string[] args) =>
        CliRunner.Run(["saliency", .. args, "--model", TinyModel.Folder, "--out", scratch["out"]]);
}
