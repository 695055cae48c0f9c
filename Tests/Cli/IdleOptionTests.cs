using Interp.Tests.Cli.Support;
using Interp.Tests.Support;

namespace Interp.Tests.Cli;

/// <summary>Options that change nothing beside the others are said to, and only those.</summary>
[TestClass]
public sealed class IdleOptionTests
{
    [TestMethod]
    [DataRow("--metrics has no effect without --evidence or --report", "--method", "vanilla", "--metrics", "sparseness")]
    [DataRow("--curve-steps has no effect without --evidence or --report", "--method", "vanilla", "--report", "--evidence", "false",
        "--curve-steps", "4")]
    [DataRow("--report-size has no effect without --report", "--method", "vanilla", "--report-size", "1M")]
    [DataRow("--noise has no effect while --smooth is 0", "--method", "vanilla", "--noise", "0.2")]
    [DataRow("--gamma has no effect in --composite z-plus", "--method", "lrp", "--composite", "z-plus", "--gamma", "1")]
    [DataRow("--epsilon has no effect in --composite gamma", "--method", "lrp", "--composite", "gamma", "--epsilon", "1")]
    [DataRow("--reduce has no effect on maps", "--method", "gradcam", "--reduce", "sum")]
    [DataRow("", "--method", "vanilla", "--evidence", "--metrics", "sparseness")]
    [DataRow("", "--method", "vanilla", "--noise", "0.2", "--smooth", "2")]
    [DataRow("", "--method", "vanilla,smoothgrad", "--samples", "2", "--noise", "0.2")]
    [DataRow("", "--method", "lrp", "--gamma", "1", "--epsilon", "0.1")]
    [DataRow("", "--method", "gradcam,vanilla", "--reduce", "sum", "--color-scale", "minmax")]
    public void Saliency_SaysWhatHasNoEffect(string expected, params string[] options)
    {
        using var scratch = new TemporaryFolder();
        string error = CliRunner.Run(
            ["saliency", TestImages.WritePng(scratch["a.png"]), "--model", TinyModel.Folder, "--out", scratch["out"], .. options])
            .AssertDone().Error;

        Check(expected, error);
    }

    [TestMethod]
    [DataRow("--decay has no effect with --parametrization pixel", "--parametrization", "pixel", "--decay", "2")]
    [DataRow("", "--decay", "2")]
    public void Visualize_SaysWhatHasNoEffect(string expected, params string[] options)
    {
        using var scratch = new TemporaryFolder();
        string error = CliRunner.Run(
            ["visualize", "--layer", "features.3", "--steps", "1", "--model", TinyModel.Folder, "--out", scratch["out"], .. options])
            .AssertDone().Error;

        Check(expected, error);
    }

    [TestMethod]
    public void Evaluate_LargestBoxWithoutBoxes_IsSaid()
    {
        using var scratch = new TemporaryFolder();
        string[] args = [
            "evaluate", TestImages.WritePng(scratch["a.png"]), "--model", TinyModel.Folder, "--out", scratch["out"], "--method", "vanilla"];

        Check("--largest-box has no effect without --boxes", CliRunner.Run([.. args, "--metrics", "sparseness", "--largest-box", "0.5"])
            .AssertDone().Error);
    }

    [TestMethod]
    public void Methods_ModelBesideAName_IsSaid()
    {
        Check("--model has no effect on descriptions", CliRunner.Run("methods", "gradcam", "--model", TinyModel.Folder).AssertDone().Error);
        Check("", CliRunner.Run("methods", "--model", TinyModel.Folder).AssertDone().Error);
    }

    private static void Check(string expected, string error)
    {
        if (expected.Length > 0)
        {
            Assert.Contains($"note: {expected}", error);
        }
        else
        {
            Assert.DoesNotContain("has no effect", error);
        }
    }
}
