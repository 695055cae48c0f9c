using System.Text.Json;
using Interp.Cli;
using Interp.Engine.Tensors;
using Interp.Tests.Cli.Support;
using Interp.Tests.Support;

namespace Interp.Tests.Cli.Commands;

[TestClass]
public sealed class PredictCommandTests
{
    [TestMethod]
    public void Json_HasImageAndTopClassesInOrder()
    {
        using var scratch = new TemporaryFolder();
        string image = TestImages.WritePng(scratch["cat.png"]);

        JsonElement[] predicted = [.. Predict(image, "--top", "10", "--json").AssertDone().Json.EnumerateArray()];

        Assert.HasCount(1, predicted);
        Assert.AreEqual(image, predicted[0].GetProperty("image").GetString());
        JsonElement[] top = [.. predicted[0].GetProperty("top").EnumerateArray()];
        Assert.HasCount(10, top);
        double[] logits = [.. top.Select(t => t.GetProperty("logit").GetDouble())];
        CollectionAssert.AreEqual(logits.OrderDescending().ToArray(), logits);
        Assert.AreEqual(1, top.Sum(t => t.GetProperty("probability").GetDouble()), 1e-12,
            "ten float64 probabilities that are printed in full");
        foreach (JsonElement t in top)
        {
            Assert.AreEqual(TinyModel.Labels[t.GetProperty("class").GetInt32()], t.GetProperty("label").GetString());
        }
    }

    [TestMethod]
    public void LogitsNpy_HoldsTheLogitsOfEveryInput()
    {
        using var scratch = new TemporaryFolder();
        string batch = TestImages.WriteNpy(scratch["x.npy"], 3, 3, 32, 32);

        JsonElement predicted = Predict(batch, "--top", "1", "--logits-npy", scratch["out", "z.npy"], "--json").AssertDone().Json;

        (Shape shape, float[] logits) = Npy.Read(scratch["out", "z.npy"]);
        Assert.AreEqual(new Shape(3, 10), shape);
        for (int i = 0; i < 3; i++)
        {
            JsonElement top = predicted[i].GetProperty("top")[0];
            Assert.AreEqual(logits[(i * 10) + top.GetProperty("class").GetInt32()], top.GetProperty("logit").GetSingle());
            Assert.AreEqual(logits.AsSpan(i * 10, 10).ToArray().Max(), top.GetProperty("logit").GetSingle());
            Assert.AreEqual($"{batch}[{i}]", predicted[i].GetProperty("image").GetString());
        }

        CollectionAssert.AreEqual((string[])["z.npy"], TemporaryFolder.FilesBelow(scratch["out"]));
    }

    [TestMethod]
    public void Folder_MeansEveryImageInNameOrder()
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePng(scratch["photos", "b.png"], 1);
        TestImages.WritePng(scratch["photos", "a.png"], 2);

        JsonElement predicted = Predict(scratch["photos"], "--json").AssertDone().Json;

        CollectionAssert.AreEqual(
            (string[])[scratch["photos", "a.png"], scratch["photos", "b.png"]],
            predicted.EnumerateArray().Select(p => p.GetProperty("image").GetString()).ToArray());
    }

    [TestMethod]
    public void Image_Unreadable_GivesCode2()
    {
        using var scratch = new TemporaryFolder();
        File.WriteAllText(scratch["bad.png"], "no image");

        Predict(scratch["bad.png"]).AssertFailed(ExitCodes.Usage, "bad.png");
        Predict(scratch["none.png"]).AssertFailed(ExitCodes.Usage, "none.png");
    }

    [TestMethod]
    public void Image_UnreadableAmongOthers_IsReportedAndTheOthersAreDone()
    {
        using var scratch = new TemporaryFolder();
        File.WriteAllText(scratch["bad.png"], "no image");
        string good = TestImages.WritePng(scratch["good.png"]);

        CliResult result = Predict(scratch["bad.png"], scratch["none.png"], good, "--json");

        Assert.AreEqual(ExitCodes.Usage, result.ExitCode);
        Assert.AreEqual(good, result.Json[0].GetProperty("image").GetString());
        Assert.Contains("bad.png", result.Error);
        Assert.Contains("none.png", result.Error);
    }

    [TestMethod]
    public void Npy_TooSmallForTheNetwork_GivesCode2()
    {
        using var scratch = new TemporaryFolder();

        Predict(TestImages.WriteNpy(scratch["x.npy"], 3, 1, 1)).AssertFailed(ExitCodes.Usage, "x.npy");
    }

    [TestMethod]
    public void LogitsNpy_BelowAFile_GivesCode5()
    {
        using var scratch = new TemporaryFolder();

        Predict(TestImages.WritePng(scratch["cat.png"]), "--logits-npy", scratch.Unwritable()).AssertFailed(
            ExitCodes.Output, "below", "--logits-npy");
    }

    [TestMethod]
    public void Table_ShowsLabelsAndPercentages()
    {
        using var scratch = new TemporaryFolder();

        string text = Predict(TestImages.WritePng(scratch["cat.png"])).AssertDone().Out;

        Assert.Contains("cat.png", text);
        Assert.Contains(" %", text);
        Assert.HasCount(6, text.TrimEnd().Split('\n'), "a header and five classes");
    }

    private static CliResult Predict(params string[] args) => CliRunner.Run(["predict", .. args, "--model", TinyModel.Folder]);
}
