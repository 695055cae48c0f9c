using System.Text.Json;
using Interp.Cli;
using Interp.Tests.Cli.Support;
using Interp.Tests.Support;

namespace Interp.Tests.Cli.Commands;

[TestClass]
public sealed class EvaluateCommandTests
{
    private const string Header = "file\tclass\txmin\tymin\txmax\tymax\n";

    [TestMethod]
    public void Evaluate_WritesARowForEachMapAndTheirMeans()
    {
        using var scratch = new TemporaryFolder();
        string[] images = [TestImages.WritePng(scratch["in", "a.png"], 1), TestImages.WritePng(scratch["in", "b.png"], 2)];
        File.WriteAllText(scratch["boxes.tsv"], $"{Header}a.png\tgoldfish\t5\t5\t30\t30\nin/b.png\tzebra\t0\t0\t20\t20\n");

        CliResult result = Evaluate(
            scratch, scratch["in"], "--boxes", scratch["boxes.tsv"], "--metrics", "deletion,pointing,sparseness", "--json").AssertDone();

        JsonElement methods = result.Json.GetProperty("methods");
        CollectionAssert.AreEqual(
            new[] { "vanilla", "guided", "random", "random-blocks", "sobel" }, methods.EnumerateArray()
            .Select(m => m.GetProperty("method").GetString()).ToArray());
        JsonElement[] rows = [.. result.Json.GetProperty("rows").EnumerateArray()];
        Assert.HasCount(10, rows);
        CollectionAssert.AreEqual(images, rows.Select(r => r.GetProperty("image").GetString()).Distinct().ToArray());
        CollectionAssert.AreEqual(new[] { 2, 3 }, rows.Select(r => r.GetProperty("class").GetInt32()).Distinct().ToArray());
        double[] deletions = [
            .. rows.Where(r => r.GetProperty("method").GetString() == "guided").Select(
            r => r.GetProperty("values").GetProperty("deletion").GetDouble())];
        JsonElement mean = methods[1].GetProperty("columns").GetProperty("deletion");
        Assert.AreEqual(deletions.Average(), mean.GetProperty("value").GetDouble(), 1e-15);
        Assert.AreEqual(Math.Abs(deletions[0] - deletions[1]) / 2, mean.GetProperty("standard_error").GetDouble(), 1e-15,
            "s/√2 with s = |a − b|/√2");
        string[] csv = File.ReadAllLines(scratch["out", "evaluation.csv"]);
        Assert.AreEqual("image,method,class,label,top_class,probability,deletion,sparseness,pointing,verdicts", csv[0]);
        Assert.HasCount(11, csv);
        CollectionAssert.AreEquivalent(
            new[] { "comparisons.csv", "evaluation.csv", "evaluation.html", "evaluation.json" },
            TemporaryFolder.FilesBelow(scratch["out"]));
    }

    [TestMethod]
    public void Methods_AreComparedPhotoByPhoto()
    {
        using var scratch = new TemporaryFolder();
        for (int i = 0; i < 3; i++)
        {
            TestImages.WritePng(scratch["in", $"{i}.png"], (ulong)i);
        }

        CliResult result = Evaluate(scratch, scratch["in"], "--metrics", "deletion,sparseness").AssertDone();

        Assert.Contains("TOLD APART", result.Out);
        Assert.Contains("0 > 0 < of 4", result.Out, "against the other method and three baselines");
        Assert.Contains("3 photos tell none of 7 pairs of methods apart: 9 are the fewest that can", result.Error);
        JsonElement json = JsonDocument.Parse(File.ReadAllText(scratch["out", "evaluation.json"])).RootElement;
        JsonElement[] pairs = [.. json.GetProperty("comparisons").EnumerateArray()];
        Assert.HasCount(7, pairs, "two methods, and each with three baselines; of sparseness neither way is better");
        double[] of = [.. new[] { "vanilla", "guided" }.Select(m => json.GetProperty("rows").EnumerateArray()
            .Where(r => r.GetProperty("method").GetString() == m)
            .Average(r => r.GetProperty("values").GetProperty("deletion").GetDouble()))];
        Assert.AreEqual(of[0] - of[1], pairs[0].GetProperty("difference").GetDouble(), 1e-12, "float64 sums");
        Assert.IsTrue(pairs[0].GetProperty("p").GetDouble() is 0.25 or 0.5 or 0.75 or 1, "three photos have eight choices of signs");
        string[] csv = File.ReadAllLines(scratch["out", "comparisons.csv"]);
        Assert.AreEqual("column,first,second,photos,difference,low,high,p,p_holm", csv[0]);
        Assert.HasCount(8, csv);
        string page = File.ReadAllText(scratch["out", "evaluation.html"]);
        Assert.Contains("Which methods can be told apart", page);
        Assert.Contains("default-src 'none'", page);
    }

    [TestMethod]
    public void LargestBox_LeavesOutImagesThatTheirBoxFills()
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePng(scratch["in", "a.png"], 1);
        TestImages.WritePng(scratch["in", "b.png"], 2);
        File.WriteAllText(scratch["boxes.tsv"], $"{Header}a.png\tgoldfish\t0\t0\t39\t35\nb.png\tzebra\t10\t10\t20\t20\n");

        JsonElement mean = Evaluate(
            scratch, scratch["in"], "--boxes", scratch["boxes.tsv"], "--largest-box", "0.5", "--metrics", "pointing,sparseness", "--json")
            .AssertDone().Json.GetProperty("methods")[0].GetProperty("columns");

        Assert.AreEqual(1, mean.GetProperty("pointing").GetProperty("count").GetInt32());
        Assert.AreEqual(2, mean.GetProperty("sparseness").GetProperty("count").GetInt32());
    }

    [TestMethod]
    public void SecondRun_WithTheSameSettings_MeasuresOnlyWhatIsNew()
    {
        using var scratch = new TemporaryFolder();
        string image = TestImages.WritePng(scratch["a.png"]);
        Evaluate(scratch, image).AssertDone();
        string first = File.ReadAllText(scratch["out", "evaluation.json"]), csv = File.ReadAllText(scratch["out", "evaluation.csv"]);

        CliResult again = Evaluate(scratch, image).AssertDone();
        Assert.Contains("5 maps, 5 of them from an earlier run", again.Error);
        Assert.AreEqual(first, File.ReadAllText(scratch["out", "evaluation.json"]));
        Assert.AreEqual(csv, File.ReadAllText(scratch["out", "evaluation.csv"]));

        Assert.Contains("6 maps, 5 of them", Evaluate(scratch, image, "--method", "deconvnet").AssertDone().Error);
        Assert.Contains("5 maps, 0 of them", Evaluate(scratch, image, "--seed", "1").AssertDone().Error);
    }

    [TestMethod]
    public void Threads_DoNotChangeTheFiles()
    {
        using var scratch = new TemporaryFolder();
        string image = TestImages.WritePng(scratch["a.png"]);
        byte[][] files = [.. new[] { "1", "2" }.Select(threads =>
        {
            CliRunner.Run("evaluate", image, "--method", "vanilla", "--model", TinyModel.Folder, "--curve-steps", "4", "--metrics", "all",
                "--threads", threads, "--out", scratch[threads]).AssertDone();
            return File.ReadAllBytes(scratch[threads, "evaluation.json"]);
        })];

        CollectionAssert.AreEqual(files[0], files[1]);
    }

    [TestMethod]
    public void Folder_OfClassFolders_GivesSomeImagesOfEach()
    {
        using var scratch = new TemporaryFolder();
        foreach (string name in (string[])["n1/a.png", "n1/b.png", "n2/c.png", "n2/d.png"])
        {
            TestImages.WritePng(scratch[["val", .. name.Split('/')]]);
        }

        CliResult result = Evaluate(scratch, scratch["val"], "--per-folder", "1", "--metrics", "sparseness", "--json").AssertDone();

        CollectionAssert.AreEqual(
            new[] { "a.png", "c.png" }, result.Json.GetProperty("rows").EnumerateArray()
            .Select(r => Path.GetFileName(r.GetProperty("image").GetString())).Distinct().ToArray());
    }

    [TestMethod]
    public void Cancelled_SaysSoAndLeavesWholeFiles()
    {
        using var scratch = new TemporaryFolder();
        string image = TestImages.WritePng(scratch["a.png"]);

        CliResult result = CliRunner.Run(
            new CancellationToken(true), "evaluate", image, "--method", "vanilla", "--model", TinyModel.Folder, "--out", scratch["out"]);

        Assert.AreEqual(ExitCodes.Cancelled, result.ExitCode);
    }

    [TestMethod]
    [DataRow("file\txmin\n", "expected a first line with the columns")]
    [DataRow(Header + "a.png\tgoldfish\t5\t5\t3\t30\n", "line 2: expected 6 columns")]
    [DataRow(Header + "a.png\tgoldfish\t5\t5\n", "line 2: expected 6 columns")]
    public void Boxes_ThatAreNone_AreNamedWithTheirLine(string text, string expected)
    {
        using var scratch = new TemporaryFolder();
        File.WriteAllText(scratch["boxes.tsv"], text);

        Evaluate(scratch, TestImages.WritePng(scratch["a.png"]), "--boxes", scratch["boxes.tsv"]).AssertFailed(
            ExitCodes.Usage, "--boxes", expected);
    }

    [TestMethod]
    public void Metric_Unknown_ListsThoseThereAre()
    {
        using var scratch = new TemporaryFolder();

        Evaluate(scratch, TestImages.WritePng(scratch["a.png"]), "--metrics", "beauty").AssertFailed(
            ExitCodes.Usage, "unknown metric 'beauty'", "deletion");
    }

    [TestMethod]
    public void Out_HoldingSomethingElse_IsNotTouched()
    {
        using var scratch = new TemporaryFolder();
        Directory.CreateDirectory(scratch["out"]);
        File.WriteAllText(scratch["out", "evaluation.json"], "mine");

        Evaluate(scratch, TestImages.WritePng(scratch["a.png"])).AssertFailed(ExitCodes.Usage, "evaluation.json", "--out");
        Assert.AreEqual("mine", File.ReadAllText(scratch["out", "evaluation.json"]));
    }

    [TestMethod]
    public void Out_EmptiedByAFullDisk_IsMadeAgain()
    {
        using var scratch = new TemporaryFolder();
        string image = TestImages.WritePng(scratch["a.png"]);
        Evaluate(scratch, image).AssertDone();
        string whole = File.ReadAllText(scratch["out", "evaluation.json"]);
        File.WriteAllText(scratch["out", "evaluation.json"], "");

        Assert.Contains("5 maps, 0 of them", Evaluate(scratch, image).AssertDone().Error);

        Assert.AreEqual(whole, File.ReadAllText(scratch["out", "evaluation.json"]));
        File.WriteAllText(scratch["out", "evaluation.json"],
            whole.Replace("\"method\": \"guided\"", "\"method\": null", StringComparison.Ordinal));
        Evaluate(scratch, image).AssertFailed(ExitCodes.Usage, "evaluation.json", "not the result of an earlier 'evaluate'");
    }

    [TestMethod]
    public void OtherModelOrSettings_AreNeverInOneFile()
    {
        using var scratch = new TemporaryFolder();
        string[] images = [.. Enumerable.Range(0, 4).Select(i => TestImages.WritePng(scratch["in", $"{i}.png"], (ulong)i))];
        File.WriteAllText(scratch["in", "1-bad.png"], "no image");
        string[] args = ["evaluate", scratch["in"], "--method", "vanilla", "--metrics", "sparseness", "--out", scratch["out"]];
        CliRunner.Run([.. args, "--model", TinyModel.Folder]);
        Assert.HasCount(16, Rows(scratch));

        CliResult stopped = CliRunner.RunUntil("1-bad.png", [.. args, "--model", OtherModel.Write(scratch["model"])]);

        Assert.AreEqual(ExitCodes.Cancelled, stopped.ExitCode, stopped.Error);
        Assert.Contains("held 16 rows of model tiny: they are replaced", stopped.Error);
        Assert.AreEqual("another",
            JsonDocument.Parse(File.ReadAllText(scratch["out", "evaluation.json"])).RootElement.GetProperty("model").GetString());
        Assert.HasCount(4, Rows(scratch),
            "one image was measured before it was stopped, with four maps; of the other model's rows none is left");
        Assert.HasCount(5, File.ReadAllLines(scratch["out", "evaluation.csv"]));
        Assert.Contains("rows of other settings", CliRunner.Run([.. args, "--model", scratch["model"], "--conv", "direct"]).Error);
    }

    [TestMethod]
    public void OtherImage_UnderTheSamePath_ReplacesItsRows()
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePng(scratch["in", "a.png"], 1);
        TestImages.WritePng(scratch["in", "c.png"], 2);
        Evaluate(scratch, scratch["in"]).AssertDone();
        TestImages.WritePng(scratch["in", "a.png"], 3);
        File.WriteAllText(scratch["in", "b.png"], "no image");

        CliResult stopped = CliRunner.RunUntil(
            "b.png:", "evaluate", scratch["in"], "--method", "vanilla,guided", "--model", TinyModel.Folder, "--out", scratch["out"],
            "--curve-steps", "4");

        Assert.AreEqual(ExitCodes.Cancelled, stopped.ExitCode, stopped.Error);
        Assert.HasCount(10, Rows(scratch));
        Assert.HasCount(10,
            Rows(scratch).Select(r => (r.GetProperty("image").GetString(), r.GetProperty("method").GetString())).Distinct().ToArray());
    }

    [TestMethod]
    public void LayerThatSuitsOneMethodOnly_LeavesTheOther()
    {
        using var scratch = new TemporaryFolder();

        CliResult result = Evaluate(scratch, TestImages.WritePng(scratch["a.png"]), "--method", "gradcam", "--layer", "classifier.0");

        Assert.AreEqual(ExitCodes.Usage, result.ExitCode, result.Error);
        Assert.Contains("error: gradcam on ", result.Error);
        Assert.HasCount(5, Rows(scratch));
    }

    private static JsonElement[] Rows(TemporaryFolder scratch) =>
        [.. JsonDocument.Parse(File.ReadAllText(scratch["out", "evaluation.json"])).RootElement.GetProperty("rows").EnumerateArray()];

    private static CliResult Evaluate(TemporaryFolder scratch, string input, params string[] options) =>
        CliRunner.Run(
        ["evaluate", input, "--method", "vanilla,guided", "--model", TinyModel.Folder, "--out", scratch["out"], "--curve-steps", "4",
        .. options]);
}
