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
        string image = TestPictures.WritePng(scratch["cat.png"]);
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
    [DataRow("--threads", "2")]
    public void OtherSettings_AreMadeAgain(string option, string value)
    {
        using var scratch = new TemporaryFolder();
        string image = TestPictures.WritePng(scratch["cat.png"]);
        Explain(scratch, image, "--method", "vanilla", "--threads", "1").AssertDone();

        string[] threads = option == "--threads" ? [] : ["--threads", "1"];
        Assert.DoesNotContain("were there", Explain(scratch, [image, "--method", "vanilla", option, value, .. threads]).AssertDone().Error);
    }

    [TestMethod]
    public void OtherPicture_UnderTheSameName_IsMadeAgain()
    {
        using var scratch = new TemporaryFolder();
        Explain(scratch, TestPictures.WritePng(scratch["cat.png"], 1), "--method", "vanilla").AssertDone();
        byte[] before = File.ReadAllBytes(scratch["out", "cat", "vanilla", "attribution.npy"]);

        Explain(scratch, TestPictures.WritePng(scratch["cat.png"], 2), "--method", "vanilla").AssertDone();

        CollectionAssert.AreNotEqual(before, File.ReadAllBytes(scratch["out", "cat", "vanilla", "attribution.npy"]));
    }

    [TestMethod]
    public void Json_OfKeptResults_IsTheSame()
    {
        using var scratch = new TemporaryFolder();
        string image = TestPictures.WritePng(scratch["cat.png"]);

        string first = Explain(scratch, image, "--method", "all", "--json").AssertDone().Out;

        Assert.AreEqual(first, Explain(scratch, image, "--method", "all", "--json").AssertDone().Out);
    }

    [TestMethod]
    public void Evidence_StandsInTheManifest()
    {
        using var scratch = new TemporaryFolder();

        Explain(scratch, TestPictures.WritePng(scratch["cat.png"]), "--method", "vanilla", "--evidence", "--metrics", "deletion,sparseness", "--curve-steps", "4").AssertDone();

        JsonElement m = JsonDocument.Parse(File.ReadAllText(scratch["out", "cat", "vanilla", "manifest.json"])).RootElement;
        Assert.IsTrue(m.GetProperty("evidence").GetProperty("deletion").GetDouble() is > 0 and < 1);
        Assert.IsTrue(m.GetProperty("evidence").GetProperty("sparseness").GetDouble() is > 0 and < 1);
    }

    private static CliResult Explain(TemporaryFolder scratch, params string[] args) =>
        CliRunner.Run(["saliency", .. args, "--model", TinyModel.Folder, "--out", scratch["out"]]);
}
