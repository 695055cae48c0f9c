using Interp.Cli;
using Interp.Tests.Cli.Support;

namespace Interp.Tests.Cli;

[TestClass]
public sealed class UsageTests
{
    [TestMethod]
    [DataRow(new string[0], "a command is needed", "saliency")]
    [DataRow(new[] { "predct" }, "unknown command 'predct'", "did you mean 'predict'?")]
    [DataRow(new[] { "xyzzyx" }, "unknown command 'xyzzyx'", "'interp-cli --help'")]
    [DataRow(new[] { "predict" }, "predict needs IMAGE", "'interp-cli predict --help'")]
    [DataRow(new[] { "predict", "a.jpg", "--tpo", "3" }, "unknown option '--tpo'", "did you mean '--top'?")]
    [DataRow(new[] { "layers", "extra" }, "unknown argument 'extra'", "'interp-cli layers --help'")]
    [DataRow(new[] { "layers", "--queit" }, "unknown option '--queit'", "did you mean '--quiet'?")]
    [DataRow(new[] { "predict", "a.jpg", "--top", "0" }, "--top '0'", "from 1 to")]
    [DataRow(new[] { "predict", "a.jpg", "--top" }, "--top", "missing")]
    [DataRow(new[] { "predict", "a.jpg", "--threads", "-1" }, "--threads '-1'", "from 1 to 256")]
    [DataRow(new[] { "predict", "a.jpg", "--threads", "two" }, "--threads 'two'", "whole number")]
    [DataRow(new[] { "predict", "a.jpg", "--backend", "gpu" }, "--backend 'gpu'", "cpu, cuda, auto")]
    [DataRow(new[] { "bench", "--seed", "-3" }, "--seed '-3'", "from 0")]
    [DataRow(new[] { "bench", "--batch", "0" }, "--batch '0'", "from 1 to")]
    [DataRow(new[] { "saliency", "a.jpg" }, "--method", "required")]
    [DataRow(new[] { "saliency", "a.jpg", "--method", "guided", "--alpha", "2" }, "--alpha '2'", "from 0 to 1")]
    [DataRow(new[] { "convert", "a.pth", "--dtype", "f8" }, "--dtype 'f8'", "f32, f16")]
    [DataRow(new[] { "bench", "kernels", "--runs", "0" }, "--runs '0'", "'interp-cli bench kernels --help'")]
    [DataRow(new[] { "visualize", "--class", "1", "--lr", "NaN" }, "--lr 'NaN'", "a number above 0")]
    [DataRow(new[] { "visualize", "--class", "1", "--lr", "inf" }, "--lr 'inf'", "a number above 0")]
    [DataRow(new[] { "visualize", "--class", "1", "--until-probability", "abc" }, "--until-probability 'abc'", "above 0 and below 1")]
    [DataRow(new[] { "saliency", "a.jpg", "--method", "guided", "--report=abc" }, "--report 'abc'", "true or false")]
    [DataRow(new[] { "saliency", "a.jpg", "--method", "guided", "--out", "" }, "--out ''", "expected DIR, found nothing")]
    [DataRow(new[] { "predict", "" }, "IMAGE ''", "found nothing")]
    [DataRow(new[] { "saliency", "a.jpg", "--method", "occlusion", "--window", "0" }, "--window '0'", "a whole number from 1, or auto")]
    [DataRow(new[] { "saliency", "a.jpg", "--method", "occlusion", "--stride", "0" }, "--stride '0'", "a whole number from 1, or auto")]
    [DataRow(new[] { "saliency", "a.jpg", "--method", "gradcam", "--no-relu=maybe" }, "--no-relu 'maybe'", "true or false")]
    public void Arguments_Wrong_GiveOneLineAndCode2(string[] args, string what, string hint) =>
        CliRunner.Run(args).AssertFailed(ExitCodes.Usage, what, hint);

    [TestMethod]
    [DataRow("saliency", "a.png", "--method", "vanilla")]
    [DataRow("evaluate", "a.png", "--method", "vanilla")]
    [DataRow("visualize", "--class", "1")]
    [DataRow("gallery", "--classes", "1")]
    [DataRow("top-images", "--layer", "features.3", "--channel", "1", "--images", "in")]
    [DataRow("unit", "--layer", "features.3", "--channel", "1", "--images", "in")]
    [DataRow("convert", "a.pth")]
    [DataRow("train-head", "--train", "in")]
    public void Out_Empty_IsOneLine(params string[] args) =>
        CliRunner.Run([.. args, "--out", ""]).AssertFailed(ExitCodes.Usage, "--out ''", "expected DIR, found nothing");

    [TestMethod]
    [DataRow("--logits-npy", "predict", "a.png")]
    [DataRow("--model", "layers")]
    [DataRow("--labels", "convert", "a.pth")]
    [DataRow("--boxes", "evaluate", "a.png", "--method", "vanilla")]
    [DataRow("--layer", "saliency", "a.png", "--method", "gradcam")]
    public void AnyOption_Empty_IsOneLine(string option, params string[] args) =>
        CliRunner.Run([.. args, option, ""]).AssertFailed(ExitCodes.Usage, $"{option} ''");

    [TestMethod]
    public void Help_OfRoot_ListsEveryCommand()
    {
        string help = CliRunner.Run("--help").AssertDone().Out;

        foreach (string command in (string[])["saliency", "predict", "methods", "models", "layers", "convert", "bench"])
        {
            Assert.Contains($"  {command}", help);
        }
    }

    [TestMethod]
    [DataRow("saliency", "--relu-rule")]
    [DataRow("predict", "--logits-npy")]
    [DataRow("convert", "--input-size")]
    [DataRow("bench", "--runs")]
    public void Help_OfCommand_ShowsOptionsAndExamples(string command, string option)
    {
        string help = CliRunner.Run(command, "--help").AssertDone().Out;

        Assert.Contains(option, help);
        Assert.Contains($"Examples:\n  interp-cli {command} ", help);
    }

    [TestMethod]
    public void Version_Asked_IsPrinted() => Assert.MatchesRegex(@"^\d+\.\d+\.\d+", CliRunner.Run("--version").AssertDone().Out);

    [TestMethod]
    public void Model_Unknown_GivesCode3() =>
        CliRunner.Run("layers", "--model", "no-such-model").AssertFailed(ExitCodes.Model, "no-such-model");

    [TestMethod]
    public void Verbose_OnError_PrintsTheStackTrace()
    {
        CliResult result = CliRunner.Run("layers", "--model", "no-such-model", "--verbose");

        Assert.AreEqual(ExitCodes.Model, result.ExitCode);
        Assert.Contains("   at Interp.", result.Error);
    }
}
