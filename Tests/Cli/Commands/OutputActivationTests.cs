using System.Diagnostics;
using System.Text.Json;
using Interp.Cli;
using Interp.Engine.Tensors;
using Interp.Tests.Cli.Support;
using Interp.Tests.Support;

namespace Interp.Tests.Cli.Commands;

/// <summary>A model's output activation, from <c>convert</c> to every command that speaks of probabilities.</summary>
[TestClass]
public sealed class OutputActivationTests
{
    [TestMethod]
    public void Convert_OneOutput_SaysThatItIsTakenAsADetector()
    {
        using var scratch = new TemporaryFolder();

        CliResult result = Convert(scratch, 1);

        Assert.Contains("note: assumed: one output: taken as a detector of one class", result.Error);
        Assert.Contains("1 class, input 32x32, sigmoid", result.Out);
        Assert.Contains("10 classes, input 32x32, sigmoid", Convert(scratch, 10, "--activation", "sigmoid").Out);
        Assert.DoesNotContain("one output", Convert(scratch, 10).Error);
        Assert.AreEqual("softmax", Convert(scratch, 10, "--json").Json.GetProperty("activation").GetString());
        Assert.Contains("10 classes, input 32x32, softmax", CliRunner.Run("layers", "--model", scratch["model"]).AssertDone().Out);
        Run(scratch, 1, "--activation", "softmax").AssertFailed(ExitCodes.Usage, "--activation softmax", "one output", "sigmoid");
        Run(scratch, 10, "--activation", "tanh").AssertFailed(ExitCodes.Usage, "--activation", "softmax, sigmoid");
    }

    [TestMethod]
    [DataRow(1, "sigmoid")]
    [DataRow(10, "sigmoid")]
    [DataRow(10, "softmax")]
    public void Predict_Probability_IsThatOfTheActivation(int outputs, string activation)
    {
        using var scratch = new TemporaryFolder();
        Convert(scratch, outputs, "--activation", activation);
        string image = TestImages.WritePng(scratch["a.png"]);

        JsonElement[] top = [.. Predict("--json").Json[0].GetProperty("top").EnumerateArray()];

        Assert.HasCount(Math.Min(outputs, 10), top);
        double[] z = [.. top.Select(t => t.GetProperty("logit").GetDouble())];
        for (int i = 0; i < z.Length; i++)
        {
            double expected = activation == "sigmoid" ? 1 / (1 + Math.Exp(-z[i])) : Math.Exp(z[i]) / z.Sum(Math.Exp);
            Assert.AreEqual(expected, top[i].GetProperty("probability").GetDouble(), 1e-6, "logits are printed as float32");
        }

        bool said = Predict().Error.Contains("(sigmoid)", StringComparison.Ordinal);
        Assert.AreEqual(activation == "sigmoid", said, "a table says what its probabilities are");

        CliResult Predict(params string[] more) =>
            CliRunner.Run(["predict", image, "--model", scratch["model"], "--top", "10", .. more]).AssertDone();
    }

    [TestMethod]
    public void Saliency_OfADetector_DrawsWhatIsInTheImage()
    {
        using var scratch = new TemporaryFolder();
        Convert(scratch, 1);
        TestImages.WritePng(scratch["in", "a.png"], 1);
        TestImages.WritePng(scratch["in", "b.png"], 2);

        CliRunner.Run(
            "saliency", scratch["in"], "--method", "rise,scorecam", "--samples", "20", "--report", "--model", scratch["model"],
            "--out", scratch["out"]).AssertDone();

        foreach (string method in (string[])["rise", "scorecam"])
        {
            CollectionAssert.AreNotEqual(Map("a"), Map("b"), $"{method}: two images have two maps");
            float[] Map(string image) => Npy.Read(scratch["out", image, method, "attribution.npy"]).Values;
            JsonElement m = JsonDocument.Parse(File.ReadAllText(scratch["out", "a", method, "manifest.json"])).RootElement;
            Assert.AreEqual("sigmoid", m.GetProperty("activation").GetString());
            double p = 1 / (1 + Math.Exp(-m.GetProperty("logit").GetDouble()));
            Assert.AreEqual(p, m.GetProperty("probability").GetDouble(), 1e-6, "the logit is printed as float32");
            Assert.IsTrue(m.GetProperty("evidence").GetProperty("deletion").GetDouble() is > 0 and < 1);
        }

        Assert.Contains("\"activation\":\"sigmoid\"", File.ReadAllText(scratch["out", "report.html"]));
    }

    [TestMethod]
    public void Against_OfADetector_GivesCode2()
    {
        using var scratch = new TemporaryFolder();
        Convert(scratch, 1);

        string image = TestImages.WritePng(scratch["a.png"]);
        CliRunner.Run("saliency", image, "--method", "vanilla", "--against", "1", "--model", scratch["model"], "--out", scratch["out"])
            .AssertFailed(ExitCodes.Usage, "--against 1", "one output", "leave --against out");
    }

    [TestMethod]
    public void Visualize_OfADetector_StopsAtItsProbability()
    {
        using var scratch = new TemporaryFolder();
        Convert(scratch, 1);

        JsonElement m = CliRunner.Run(
            "visualize", "--class", "0", "--probability", "--until-probability", "0.6", "--steps", "400", "--transforms", "none",
            "--model", scratch["model"], "--out", scratch["out"], "--json").AssertDone().Json.GetProperty("manifest");

        Assert.AreEqual("sigmoid", m.GetProperty("activation").GetString());
        Assert.AreEqual("probability", m.GetProperty("stopped").GetString());
        Assert.IsTrue(m.GetProperty("probability").GetDouble() is >= 0.6 and < 1);
        double[] curve = [.. File.ReadLines(scratch["out", "class-0", "curve.csv"]).Skip(1).Select(l => double.Parse(l.Split(',')[2]))];
        Assert.IsTrue(curve.All(p => p is > 0 and < 1), "a softmax of one output would be 1 throughout");
    }

    [TestMethod]
    public void Unit_OfADetector_CountsTheImagesThatCrossOneHalf()
    {
        using var scratch = new TemporaryFolder();
        Convert(scratch, 1);
        foreach (int i in (int[])[1, 2, 3])
        {
            TestImages.WritePng(scratch["in", $"{i}.png"], (ulong)i);
        }

        JsonElement m = CliRunner.Run(
            "unit", "--layer", "features.3", "--channel", "2", "--images", scratch["in"], "--model", scratch["model"],
            "--out", scratch["out"], "--json").AssertDone().Json;

        Assert.AreEqual("sigmoid", m.GetProperty("activation").GetString());
        Assert.AreEqual("side of 50 %", m.GetProperty("removal").GetProperty("answer").GetString());
        Assert.AreNotEqual(0, m.GetProperty("removal").GetProperty("top_drop").GetDouble(), "a softmax of one output would lose nothing");
    }

    [TestMethod]
    public void Evaluate_OfADetector_WritesTheActivationAndNumbersBetween0And1()
    {
        using var scratch = new TemporaryFolder();
        Convert(scratch, 1);

        JsonElement file = CliRunner.Run(
            "evaluate", TestImages.WritePng(scratch["a.png"]), "--method", "gradcam", "--curve-steps", "8",
            "--metrics", "deletion,insertion,confidence,random-logit",
            "--model", scratch["model"], "--out", scratch["out"], "--json").AssertDone().Json;

        Assert.AreEqual("sigmoid", file.GetProperty("settings").GetProperty("activation").GetString());
        JsonElement values = file.GetProperty("rows")[0].GetProperty("values");
        Assert.IsTrue(values.GetProperty("deletion").GetDouble() is > 0 and < 1);
        Assert.IsTrue(values.GetProperty("insertion").GetDouble() is > 0 and < 1);
        Assert.IsFalse(values.TryGetProperty("random-logit-spearman", out _), "there is no other class");
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Process_FromWeightsToMaps_DrawsTwoImagesDifferently()
    {
        using var scratch = new TemporaryFolder();
        TinyModel.WriteSafetensors(scratch["one.safetensors"], 1);
        TestImages.WritePng(scratch["in", "a.png"], 1);
        TestImages.WritePng(scratch["in", "b.png"], 2);
        string program = Path.Combine(AppContext.BaseDirectory, "interp-cli");

        using Process process = Process.Start(new ProcessStartInfo("bash",
        [
            "-c",
            $"cd '{scratch.Root}' && '{program}' convert one.safetensors --out model --input-size 32 --name one && "
                + $"'{program}' saliency in --model ./model --method rise --samples 50 --out out && "
                + $"'{program}' saliency in --model ./model --method rise --against 0 --out out2",
        ])
        { RedirectStandardError = true, RedirectStandardOutput = true })!;
        _ = process.StandardOutput.ReadToEndAsync();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();

        Assert.AreEqual(ExitCodes.Usage, process.ExitCode, error);
        Assert.Contains("note: assumed: one output", error);
        Assert.Contains("error: --against 0: one has one output", error);
        CollectionAssert.AreNotEqual(Map("a"), Map("b"));

        byte[] Map(string image) => File.ReadAllBytes(scratch["out", image, "rise", "attribution.npy"]);
    }

    private static CliResult Convert(TemporaryFolder scratch, int outputs, params string[] more) =>
        Run(scratch, outputs, more).AssertDone();

    private static CliResult Run(TemporaryFolder scratch, int outputs, params string[] more)
    {
        TinyModel.WriteSafetensors(scratch["weights.safetensors"], outputs);
        return CliRunner.Run(["convert", scratch["weights.safetensors"], "--out", scratch["model"], "--input-size", "32", .. more]);
    }
}
