using System.Text.Json;
using Interp.Cli;
using Interp.Tests.Cli.Support;
using Interp.Tests.Support;

namespace Interp.Tests.Cli.Commands;

[TestClass]
public sealed class TrainHeadCommandTests
{
    [TestMethod]
    public void Head_LearnsColours_AndTheModelUsesIt()
    {
        using var scratch = new TemporaryFolder();
        Write(scratch, "train", 10, 0);
        Write(scratch, "test", 4, 100);

        JsonElement done = Train(scratch, "--test", scratch["test"], "--json").AssertDone().Json;

        Assert.AreEqual("head", done.GetProperty("model").GetString());
        Assert.AreEqual("classifier.2", done.GetProperty("layer").GetString());
        Assert.AreEqual(30, done.GetProperty("images").GetInt32());
        Assert.AreEqual(6, done.GetProperty("held_out").GetProperty("images").GetInt32());
        JsonElement top1 = done.GetProperty("test").GetProperty("top1");
        Assert.AreEqual(12, top1.GetProperty("right").GetInt32());
        Assert.AreEqual(1 / 3.0, top1.GetProperty("chance").GetDouble(), 1e-12);
        Assert.IsInRange(0.7, 0.8, top1.GetProperty("low").GetDouble(), "Wilson's bound for 12 of 12");
        Assert.IsLessThanOrEqualTo(1e-9, done.GetProperty("gradient_norm").GetDouble());

        JsonElement predicted =
            CliRunner.Run("predict", scratch["test"], "--model", scratch["head"], "--top", "1", "--json").AssertDone().Json;
        string[] labels = [.. predicted.EnumerateArray().Select(p => p.GetProperty("top")[0].GetProperty("label").GetString()!)];
        string[] expected = [.. new[] { "blue", "tabby, tabby cat", "red" }.SelectMany(l => Enumerable.Repeat(l, 4))];
        CollectionAssert.AreEqual(expected, labels);
        Assert.Contains("right on", File.ReadAllText(scratch["head", "model.json"]));
    }

    [TestMethod]
    public void Text_SaysAccuracyIntervalAndChance()
    {
        using var scratch = new TemporaryFolder();
        Write(scratch, "train", 6, 0);

        CliResult result = Train(scratch, "--augment", "flip", "--layer", "features.3").AssertDone();

        Assert.Contains("3 classes on 8 features of features.3 of tiny, trained on 18 images in 36 views", result.Out);
        Assert.Contains("held out, by a head trained without them", result.Out);
        Assert.Contains("33.33 %", result.Out);
        Assert.Contains("gradient norm", result.Out);
    }

    [TestMethod]
    public void ThreadsAndBatches_GiveTheSameBytes()
    {
        using var scratch = new TemporaryFolder();
        Write(scratch, "train", 6, 0);
        Train(scratch, "--threads", "1", "--augment", "crops").AssertDone();
        Directory.Move(scratch["head"], scratch["first"]);
        Train(scratch, "--threads", "2", "--batch", "3", "--augment", "crops").AssertDone();
        foreach (string file in (string[])["model.json", "tensors.bin"])
        {
            CollectionAssert.AreEqual(File.ReadAllBytes(scratch["first", file]), File.ReadAllBytes(scratch["head", file]), file);
        }
    }

    [TestMethod]
    public void WrongFolders_AreOneLine()
    {
        using var scratch = new TemporaryFolder();
        Write(scratch, "train", 2, 0);
        Write(scratch, "test", 1, 7);
        TestImages.WritePng(scratch["test", "stranger", "a.png"]);
        Train(scratch, "--test", scratch["test"]).AssertFailed(ExitCodes.Usage, "--test", "holds the class 'stranger'");
        Train(scratch, "--validation", "0").AssertFailed(ExitCodes.Usage, "--validation 0", "give --l2");
        Train(scratch, "--layer", "features.9").AssertFailed(ExitCodes.Usage, "no layer 'features.9'");
        Train(scratch, "--layer", "input").AssertFailed(ExitCodes.Usage, "the image itself");
        CliRunner.Run("train-head", "--train", scratch["missing"], "--model", TinyModel.Folder, "--out", scratch["head"])
            .AssertFailed(ExitCodes.Usage, "missing", "no such file");
        File.WriteAllText(scratch["taken"], "");
        CliRunner.Run("train-head", "--train", scratch["train"], "--model", TinyModel.Folder, "--out", scratch["taken"])
            .AssertFailed(ExitCodes.Output, "is a file");
        Assert.IsFalse(Directory.Exists(scratch["head"]));
    }

    [TestMethod]
    public void ADamagedImage_IsReported_AndTheOthersAreTrainedOn()
    {
        using var scratch = new TemporaryFolder();
        Write(scratch, "train", 4, 0);
        File.WriteAllText(scratch["train", "red", "9.png"], "no image");

        CliResult result = Train(scratch);

        Assert.AreEqual(ExitCodes.Usage, result.ExitCode);
        Assert.Contains("9.png", result.Error);
        Assert.Contains("trained on 12 images", result.Out);
    }

    [TestMethod]
    public void TestImages_ThatAreTrainingImages_AreSaid()
    {
        using var scratch = new TemporaryFolder();
        Write(scratch, "train", 3, 0);
        Assert.Contains("9 of the test images are training images", Train(scratch, "--test", scratch["train"]).AssertDone().Error);
    }

    [TestMethod]
    public void Cancelled_LeavesNothing()
    {
        using var scratch = new TemporaryFolder();
        Write(scratch, "train", 3, 0);
        CliResult result = CliRunner.Run(
            new CancellationToken(true), "train-head", "--train", scratch["train"], "--model", TinyModel.Folder, "--out", scratch["head"]);
        Assert.AreEqual(ExitCodes.Cancelled, result.ExitCode);
        Assert.IsFalse(Directory.Exists(scratch["head"]));
    }

    private static CliResult Train(TemporaryFolder scratch, params string[] more) => CliRunner.Run(
        ["train-head", "--train", scratch["train"], "--model", TinyModel.Folder, "--out", scratch["head"], .. more]);

    private static void Write(TemporaryFolder scratch, string folder, int each, ulong seed) =>
        ColourFolders.Write(scratch, folder, each, seed);
}
