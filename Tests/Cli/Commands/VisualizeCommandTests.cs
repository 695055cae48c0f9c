using System.Text.Json;
using Interp.Cli;
using Interp.Engine.Imaging;
using Interp.Engine.Tensors;
using Interp.Tests.Cli.Support;
using Interp.Tests.Support;

namespace Interp.Tests.Cli.Commands;

[TestClass]
public sealed class VisualizeCommandTests
{
    [TestMethod]
    [DataRow("features.3-5", "--layer", "features.3", "--channel", "5")]
    [DataRow("features.3-5-negative", "--layer", "features.3", "--channel", "5", "--negative")]
    [DataRow("features.3-5-8-8", "--layer", "features.3", "--neuron", "5")]
    [DataRow("features.3-5-2-3", "--layer", "features.3", "--neuron", "5,2,3")]
    [DataRow("classifier.0-7", "--layer", "classifier.0", "--neuron", "7")]
    [DataRow("features.3", "--layer", "features.3")]
    [DataRow("class-3", "--class", "zebra")]
    [DataRow("class-3", "--class", "3", "--probability")]
    [DataRow("features.3_5+0.5_features.3_1", "--objective", "features.3:5 + 0.5 * features.3:1")]
    public void EveryKindOfUnit_WritesItsFolder(string folder, params string[] unit)
    {
        using var scratch = new TemporaryFolder();
        CliResult result = Visualize(scratch, unit).AssertDone();

        RgbImage image = ImageFile.Read(scratch["out", folder, "image.png"]);
        (Shape shape, float[] values) = Npy.Read(scratch["out", folder, "image.npy"]);
        Assert.AreEqual((32, 32), (image.Width, image.Height));
        Assert.AreEqual(new Shape(3, 32, 32), shape);
        for (int i = 0; i < 32 * 32; i++)
        {
            Assert.AreEqual(Math.Round(255 * values[i]), image.Pixels[3 * i], "the same image in 8 bits");
        }

        string[] curve = File.ReadAllLines(scratch["out", folder, "curve.csv"]);
        Assert.AreEqual("step,objective,probability", curve[0]);
        Assert.HasCount(7, curve);
        JsonElement m = Manifest(scratch, folder);
        Assert.AreEqual(folder, m.GetProperty("unit").GetString());
        Assert.AreEqual("steps", m.GetProperty("stopped").GetString());
        Assert.Contains(folder, result.Out);
    }

    [TestMethod]
    public void Prediction_IsWhatPredictSaysOfTheSavedImage()
    {
        using var scratch = new TemporaryFolder();
        Visualize(scratch, "--class", "zebra", "--probability").AssertDone();

        JsonElement said = CliRunner.Run("predict", scratch["out", "class-3", "image.png"], "--model", TinyModel.Folder, "--json")
            .AssertDone().Json[0].GetProperty("top");
        JsonElement found = Manifest(scratch, "class-3").GetProperty("prediction");
        for (int i = 0; i < 5; i++)
        {
            Assert.AreEqual(said[i].GetProperty("class").GetInt32(), found[i].GetProperty("class").GetInt32());
            Assert.AreEqual(said[i].GetProperty("probability").GetDouble(), found[i].GetProperty("probability").GetDouble(), 1e-12);
        }
    }

    [TestMethod]
    public void UntilProbability_IsReached()
    {
        using var scratch = new TemporaryFolder();
        JsonElement m = Visualize(scratch, "--class", "4", "--probability", "--until-probability", "0.3", "--steps", "800", "--json")
            .AssertDone().Json.GetProperty("manifest");

        Assert.AreEqual("probability", m.GetProperty("stopped").GetString());
        Assert.IsGreaterThanOrEqualTo(0.3, m.GetProperty("probability").GetDouble());
        Assert.AreEqual(4, m.GetProperty("prediction")[0].GetProperty("class").GetInt32());
    }

    [TestMethod]
    public void Restarts_KeepTheBest()
    {
        using var scratch = new TemporaryFolder();
        JsonElement m = Visualize(scratch, "--layer", "features.3", "--channel", "2", "--restarts", "3", "--json")
            .AssertDone().Json.GetProperty("manifest");

        JsonElement[] runs = [.. m.GetProperty("restarts").EnumerateArray()];
        Assert.HasCount(3, runs);
        JsonElement best = runs.MaxBy(r => r.GetProperty("score").GetDouble());
        Assert.AreEqual(best.GetProperty("seed").GetUInt64(), m.GetProperty("seed").GetUInt64());
        Assert.AreEqual(best.GetProperty("score").GetDouble(), m.GetProperty("activation_after").GetDouble(), 1e-9);
    }

    [TestMethod]
    public void SeveralImages_AreWrittenAndNamed()
    {
        using var scratch = new TemporaryFolder();
        Visualize(scratch, "--objective", "features.3:2 + diversity(features.0)", "--count", "3").AssertDone();

        string folder = Directory.GetDirectories(scratch["out"]).Single();
        Assert.IsTrue(File.Exists(Path.Combine(folder, "image-3.png")));
        JsonElement others = Manifest(scratch, Path.GetFileName(folder)).GetProperty("others");
        Assert.AreEqual("image-2.png", others[0].GetProperty("file").GetString());
        Assert.AreEqual(2, others.GetArrayLength());
    }

    [TestMethod]
    public void FramesAndAnimation_ShowTheWay()
    {
        using var scratch = new TemporaryFolder();
        Visualize(scratch, "--layer", "features.3", "--channel", "2", "--frames", "2", "--animate", "apng").AssertDone();

        string folder = scratch["out", "features.3-2"];
        CollectionAssert.AreEqual(
            new[] { "00000.png", "00002.png", "00004.png" }, Directory.GetFiles(Path.Combine(folder, "frames")).Select(Path.GetFileName)
            .Order().ToArray());
        byte[] still = ImageFile.Read(Path.Combine(folder, "animation.png")).Pixels;
        CollectionAssert.AreEqual(ImageFile.Read(Path.Combine(folder, "image.png")).Pixels, still,
            "programs that show one image show the last");
    }

    [TestMethod]
    public void FromImage_IsChangedLittleByFewSteps()
    {
        using var scratch = new TemporaryFolder();
        string photo = TestImages.WritePng(scratch["cat.png"]);
        Visualize(scratch, "--layer", "features.3", "--from", photo, "--lr", "1e-6", "--parametrization", "pixel").AssertDone();

        RgbImage expected = Resampling.ResizeAndCrop(ImageFile.Read(photo), 37, 32),
            actual = ImageFile.Read(scratch["out", "features.3", "image.png"]);
        Assert.AreEqual((expected.Width, expected.Height), (actual.Width, actual.Height));
        Assert.IsLessThan(2.0, Enumerable.Range(0, actual.Pixels.Length).Average(i => Math.Abs(actual.Pixels[i] - expected.Pixels[i])));
    }

    [TestMethod]
    public void SameCommand_GivesTheSameBytes()
    {
        using var scratch = new TemporaryFolder();
        byte[] Image(string name, string threads)
        {
            CliRunner.Run("visualize", "--layer", "features.3", "--channel", "2", "--steps", "6", "--threads", threads, "--model",
                TinyModel.Folder, "--out", scratch[name]).AssertDone();
            return [.. File.ReadAllBytes(scratch[name, "features.3-2", "image.npy"]),
                .. File.ReadAllBytes(scratch[name, "features.3-2", "image.png"])];
        }

        byte[] first = Image("a", "1");
        CollectionAssert.AreEqual(first, Image("b", "1"));
        CollectionAssert.AreEqual(first, Image("c", "3"));
    }

    [TestMethod]
    public void Cancelled_BeforeAnyStep_WritesNothing()
    {
        using var scratch = new TemporaryFolder();
        using var cancel = new CancellationTokenSource();
        cancel.Cancel();
        CliResult result = CliRunner.Run(
            cancel.Token, "visualize", "--layer", "features.3", "--model", TinyModel.Folder, "--out", scratch["out"]);

        Assert.AreEqual(ExitCodes.Cancelled, result.ExitCode);
        Assert.IsFalse(File.Exists(scratch["out", "features.3", "manifest.json"]));
    }

    [TestMethod]
    [DataRow("nothing to show", "--steps", "3")]
    [DataRow("--layer and --class: give one of them", "--layer", "features.3", "--class", "1")]
    [DataRow("--channel does not go with --class", "--class", "1", "--channel", "2")]
    [DataRow("--probability does not go with --layer", "--layer", "features.3", "--channel", "1", "--probability")]
    [DataRow("--channel and --neuron: give one of them", "--layer", "features.3", "--channel", "1", "--neuron", "1")]
    [DataRow("layer features.3 has channels 0 to 7", "--layer", "features.3", "--channel", "8")]
    [DataRow("expected K or K,Y,X", "--layer", "features.3", "--neuron", "1,2")]
    [DataRow("a place inside its map", "--layer", "features.3", "--neuron", "1,2,99")]
    [DataRow("features.9", "--layer", "features.9")]
    [DataRow("'robust'", "--layer", "features.3", "--transforms", "spin:2")]
    [DataRow("--until-probability", "--class", "1", "--until-probability", "1.5")]
    [DataRow("--until-probability", "--layer", "features.3", "--until-probability", "0.5")]
    [DataRow("--lr", "--class", "1", "--lr", "-1")]
    [DataRow("--size", "--class", "1", "--size", "9")]
    [DataRow("nowhere.jpg", "--class", "1", "--from", "nowhere.jpg")]
    [DataRow("--within: give the photo to start from, with --from IMAGE", "--class", "1", "--within", "8/255")]
    [DataRow("--strip: give the photo to start from, with --from IMAGE", "--class", "1", "--strip", "features.3")]
    [DataRow("--within linf:x", "--class", "1", "--within", "linf:x", "--from", "a.png")]
    [DataRow("--within l3:1", "--class", "1", "--within", "l3:1", "--from", "a.png")]
    [DataRow("--octaves does not go with --within", "--class", "1", "--within", "l2:1", "--from", "a.png", "--octaves", "2")]
    [DataRow("expected --parametrization pixel, found fft", "--class", "1", "--within", "1", "--from", "a.png", "--parametrization", "fft")]
    [DataRow("--size does not go with --strip", "--class", "1", "--strip", "features.3", "--from", "a.png", "--size", "64")]
    public void WrongUsage_IsOneLine(string expected, params string[] args)
    {
        using var scratch = new TemporaryFolder();
        CliRunner.Run(["visualize", .. args, "--model", TinyModel.Folder, "--out", scratch["out"]]).AssertFailed(
            ExitCodes.Usage, expected.Trim('\''));
    }

    [TestMethod]
    public void OtherModel_LeavesNothingOfTheFirst()
    {
        using var scratch = new TemporaryFolder();
        Visualize(scratch, "--layer", "features.3", "--channel", "2", "--frames", "2").AssertDone();

        CliResult result = CliRunner.Run(
            "visualize", "--layer", "features.3", "--channel", "2", "--steps", "6", "--model", OtherModel.Write(scratch["model"]), "--out",
            scratch["out"]).AssertDone();

        Assert.Contains("of tiny: it is replaced", result.Error);
        CollectionAssert.AreEqual((string[])["curve.csv", "image.npy", "image.png", "manifest.json"],
            TemporaryFolder.FilesBelow(scratch["out", "features.3-2"]));
    }

    private static JsonElement Manifest(TemporaryFolder scratch, string folder) =>
        JsonDocument.Parse(File.ReadAllText(scratch["out", folder, "manifest.json"])).RootElement;

    private static CliResult Visualize(TemporaryFolder scratch, params string[] args) =>
        CliRunner.Run(
        ["visualize", .. args.Contains("--steps") ? Array.Empty<string>() : ["--steps", "6"], .. args, "--model", TinyModel.Folder, "--out",
        scratch["out"]]);
}
