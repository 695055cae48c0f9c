using System.Text.Json;
using Interp.Cli;
using Interp.Engine.Tensors;
using Interp.Tests.Cli.Support;
using Interp.Tests.Support;

namespace Interp.Tests.Cli.Commands;

[TestClass]
public sealed class SaliencyTargetTests
{
    [TestMethod]
    public void Against_IsTheDifferenceOfTheTwoGradients()
    {
        using var scratch = new TemporaryFolder();
        string image = TestImages.WritePng(scratch["cat.png"]);

        float[] one = Explain(scratch, "one", image, "--class", "2"), other = Explain(scratch, "other", image, "--class", "3");
        float[] difference = Explain(scratch, "difference", image, "--class", "2", "--against", "zebra");

        TensorAssert.RelativeL2([.. one.Zip(other, (a, b) => (double)a - b)], difference, 1e-5, "float32 sums, in another order");
        JsonElement m = Manifest(scratch, "difference");
        Assert.AreEqual("logit difference", m.GetProperty("target").GetString());
        Assert.Contains("class 2 and class 3", m.GetProperty("target_description").GetString()!);
    }

    [TestMethod]
    public void Through_EachConditionHasAFolderOfItsOwn()
    {
        using var scratch = new TemporaryFolder();
        string image = TestImages.WritePng(scratch["cat.png"]);
        foreach (string through in (string[])["all", "features.3:5", "features.3:0-4,6-7", "features.3:all"])
        {
            Lrp(through).AssertDone();
        }

        string[] folders =
            [.. Directory.GetDirectories(scratch["out", "cat"]).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal)];
        CollectionAssert.AreEqual(
            new[] { "lrp", "lrp-through-features.3_0-4,6-7", "lrp-through-features.3_5", "lrp-through-features.3_all" }, folders);
        float[] Values(string folder) => Npy.Read(scratch["out", "cat", folder, "attribution.npy"]).Values;
        TensorAssert.SameBits(Values(folders[0]), Values(folders[3]), "every path leads through features.3");
        TensorAssert.RelativeL2(
            Values(folders[0]), [.. Values(folders[1]).Zip(Values(folders[2]), (a, b) => a + b)], 1e-5, "float32 sums");
        Assert.Contains("were there from the same settings", Lrp("features.3:5").AssertDone().Error);
        JsonElement m = JsonDocument.Parse(File.ReadAllText(scratch["out", "cat", folders[2], "manifest.json"])).RootElement;
        Assert.AreEqual("features.3:5", m.GetProperty("options").GetProperty("through").GetString());
        Assert.IsInRange(-1.0, 1.0, m.GetProperty("facts").GetProperty("through_share").GetDouble());

        CliResult Lrp(string through) => CliRunner.Run(
            "saliency", image, "--method", "lrp", "--through", through, "--model", TinyModel.Folder, "--out", scratch["out"]);
    }

    [TestMethod]
    public void Unit_IsExplainedAndTheManifestSaysSo()
    {
        using var scratch = new TemporaryFolder();

        float[] map = Explain(scratch, "unit", TestImages.WritePng(scratch["cat.png"]), "--unit", "features.3:5");

        Assert.IsTrue(map.Any(v => v != 0));
        JsonElement m = Manifest(scratch, "unit");
        Assert.AreEqual("channel", m.GetProperty("target").GetString());
        Assert.AreEqual("channel features.3:5", m.GetProperty("target_description").GetString());
    }

    [TestMethod]
    [DataRow("--against", "zebra", "--class", "zebra")]
    [DataRow("--unit", "features.3:8", null, null)]
    [DataRow("--unit", "features.3", null, null)]
    [DataRow("--unit", "features.3:1", "--class", "2")]
    [DataRow("--max-memory", "lots", null, null)]
    public void Nonsense_GivesCode2(string option, string value, string? other, string? otherValue)
    {
        using var scratch = new TemporaryFolder();
        string[] more = other is null ? [] : [other, otherValue!];

        CliRunner.Run(
            ["saliency", TestImages.WritePng(scratch["a.png"]), "--method", "vanilla", "--model", TinyModel.Folder, "--out", scratch["out"],
            option, value, .. more])
            .AssertFailed(ExitCodes.Usage, option[2..]);
    }

    [TestMethod]
    public void Unit_OfTheImageItself_IsRefusedWhereAMethodNeedsALayerBelow()
    {
        using var scratch = new TemporaryFolder();
        string image = TestImages.WritePng(scratch["a.png"]);
        string[] args = ["saliency", image, "--unit", "input:0", "--model", TinyModel.Folder, "--out", scratch["out"]];

        CliRunner.Run([.. args, "--method", "excitation-backprop"]).AssertFailed(ExitCodes.Usage, "input:0", "name a unit of such a layer");
        CliRunner.Run([.. args, "--method", "vanilla"]).AssertDone();
    }

    [TestMethod]
    [DataRow("28", "nearest are features.5, features.4, features.3")]
    [DataRow("-1", "classifier.3", "features.5")]
    public void Layer_Unknown_NamesTheNearest(string layer, params string[] near)
    {
        using var scratch = new TemporaryFolder();

        string image = TestImages.WritePng(scratch["a.png"]);
        CliRunner.Run("saliency", image, "--method", "gradcam", "--layer", layer, "--model", TinyModel.Folder, "--out", scratch["out"])
            .AssertFailed(ExitCodes.Usage, near);
    }

    [TestMethod]
    public void MaxMemory_TooSmall_GivesCode4AndSaysWhatIsNeeded()
    {
        using var scratch = new TemporaryFolder();

        CliRunner.Run("saliency", TestImages.WritePng(scratch["a.png"]), "--method", "vanilla", "--model", TinyModel.Folder, "--out",
            scratch["out"], "--max-memory", "4K")
            .AssertFailed(ExitCodes.Backend, "memory limit", "MiB");
    }

    private static float[] Explain(TemporaryFolder scratch, string name, string image, params string[] target)
    {
        CliRunner.Run(["saliency", image, "--method", "vanilla", "--model", TinyModel.Folder, "--out", scratch[name], .. target])
            .AssertDone();
        return Npy.Read(scratch[name, "cat", "vanilla", "attribution.npy"]).Values;
    }

    private static JsonElement Manifest(TemporaryFolder scratch, string name) =>
        JsonDocument.Parse(File.ReadAllText(scratch[name, "cat", "vanilla", "manifest.json"])).RootElement;
}
