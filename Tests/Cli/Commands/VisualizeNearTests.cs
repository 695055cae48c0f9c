using System.Text.Json;
using Interp.Cli;
using Interp.Engine.Imaging;
using Interp.Tests.Cli.Support;
using Interp.Tests.Support;

namespace Interp.Tests.Cli.Commands;

/// <summary>Images that stay near a photo, and the row from there to a visualisation.</summary>
[TestClass]
public sealed class VisualizeNearTests
{
    [TestMethod]
    [DataRow("8/255", "linf", 8 / 255.0)]
    [DataRow("l2:0.5", "l2", 0.5)]
    public void Within_TheSavedImageIsInTheBall_AndPredictSaysTheSame(string within, string norm, double radius)
    {
        using var scratch = new TemporaryFolder();
        string photo = TestImages.WritePng(scratch["photo.png"]);
        JsonElement m = Visualize(scratch, "--from", photo, "--within", within, "--json").AssertDone().Json.GetProperty("manifest");

        JsonElement distance = m.GetProperty("distance");
        Assert.AreEqual(norm, distance.GetProperty("norm").GetString());
        double reached = distance.GetProperty(norm).GetDouble();
        Assert.IsLessThanOrEqualTo(radius * (1 + 1e-9), reached, "the ball, of whole grey levels");
        Assert.IsGreaterThan(0, reached);
        Assert.IsTrue(m.GetProperty("prepared").GetBoolean());
        Assert.AreEqual("pixel", m.GetProperty("options").GetProperty("parametrization").GetString());
        Assert.AreEqual("none", m.GetProperty("options").GetProperty("transforms").GetString());
        JsonElement said = CliRunner.Run("predict", scratch["out", "class-3", "image.png"], "--model", TinyModel.Folder, "--json")
            .AssertDone().Json[0].GetProperty("top")[0];
        Assert.AreEqual(m.GetProperty("prediction")[0].GetProperty("probability").GetDouble(), said.GetProperty("probability").GetDouble(),
            "the file says that it is prepared");
    }

    [TestMethod]
    public void Within_AnyOtherPhoto_IsAnotherResult()
    {
        using var scratch = new TemporaryFolder();
        string photo = TestImages.WritePng(scratch["photo.png"]);
        string first = Settings();
        Assert.AreEqual(first, Settings());
        TestImages.WritePng(photo, 5);
        Assert.AreNotEqual(first, Settings(), "another photo of the same name");

        string Settings() => Visualize(scratch, "--from", photo, "--within", "1/255", "--json").AssertDone().Json.GetProperty("manifest")
            .GetProperty("settings").GetString()!;
    }

    [TestMethod]
    public void Strip_HasEveryStep_AndGoesOn()
    {
        using var scratch = new TemporaryFolder();
        string photo = TestImages.WritePng(scratch["photo.png"]);
        string[] args = ["--from", photo, "--strip", "features.3", "--transforms", "jitter:2", "--json"];
        JsonElement m = Visualize(scratch, args).AssertDone().Json.GetProperty("manifest");

        JsonElement[] cells = [.. m.GetProperty("cells").EnumerateArray()];
        string[] names = ["photo", "within-1", "within-2", "within-4", "within-8", "within-16", "within-32", "within-64", "any",
            "any-robust", "noise-robust"];
        CollectionAssert.AreEqual(names, cells.Select(c => c.GetProperty("name").GetString()).ToArray());
        Assert.AreEqual(0.0, cells[0].GetProperty("l2").GetDouble());
        Assert.AreEqual(1.0, cells[0].GetProperty("ssim").GetDouble(), 1e-12);
        for (int i = 1; i <= 7; i++)
        {
            int levels = 1 << (i - 1);
            Assert.IsLessThanOrEqualTo(levels / 255.0 * (1 + 1e-9), cells[i].GetProperty("linf").GetDouble());
            Assert.IsTrue(cells[i].GetProperty("noise_probability").GetDouble() is > 0 and < 1);
            JsonElement unit = cells[i].GetProperty("unit");
            double before = unit.GetProperty("before").GetDouble();
            Assert.IsGreaterThanOrEqualTo(before, unit.GetProperty("after").GetDouble(), "the one that rose most");
        }

        Assert.IsGreaterThan(cells[0].GetProperty("probability").GetDouble(), cells[7].GetProperty("probability").GetDouble());
        string folder = scratch["out", "class-3-strip"];
        Assert.HasCount(12, File.ReadAllLines(Path.Combine(folder, "strip.csv")));
        RgbImage row = ImageFile.Read(Path.Combine(folder, "strip.png"));
        Assert.IsGreaterThan(11 * 32, row.Width);
        foreach (string name in names.Skip(1))
        {
            Assert.IsTrue(File.Exists(Path.Combine(folder, name, "manifest.json")), name);
        }

        DateTime kept = Changed("within-4");
        File.Delete(Path.Combine(folder, "within-8", "image.png"));
        byte[] drawn = File.ReadAllBytes(Path.Combine(folder, "strip.png"));
        Visualize(scratch, args).AssertDone();
        Assert.AreEqual(kept, Changed("within-4"), "what is there is kept");
        Assert.IsTrue(File.Exists(Path.Combine(folder, "within-8", "image.png")), "what is missing is made again");
        CollectionAssert.AreEqual(drawn, File.ReadAllBytes(Path.Combine(folder, "strip.png")), "the same bits");

        DateTime Changed(string name) => File.GetLastWriteTimeUtc(Path.Combine(folder, name, "manifest.json"));
    }

    [TestMethod]
    public void Strip_OfNoClass_IsRefused()
    {
        using var scratch = new TemporaryFolder();
        string photo = TestImages.WritePng(scratch["photo.png"]);
        CliRunner.Run("visualize", "--layer", "features.3", "--from", photo, "--strip", "features.3", "--model", TinyModel.Folder, "--out",
            scratch["out"]).AssertFailed(ExitCodes.Usage, "--strip goes with --class, without --negative");
    }

    private static CliResult Visualize(TemporaryFolder scratch, params string[] args) => CliRunner.Run(
        ["visualize", "--class", "zebra", "--steps", "8", .. args, "--model", TinyModel.Folder, "--out", scratch["out"]]);
}
