using System.Text.Json;
using Interp.Cli;
using Interp.Engine.Imaging;
using Interp.Engine.Tensors;
using Interp.Tests.Cli.Support;
using Interp.Tests.Support;

namespace Interp.Tests.Cli.Commands;

[TestClass]
public sealed class ConceptsDiscoverCommandTests
{
    private static readonly string[] Place = ["concepts", "features.4", "zebra", "discover"];

    [TestMethod]
    public void Folder_HoldsConceptsCurvesChartsSheetsAndPage()
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePngs(scratch["photos"], 6);

        CliResult result = Discover(scratch).AssertDone();

        string folder = scratch[["out", .. Place]];
        string[] expected =
        [
            "components.npy", "concept-1.png", "concept-2.png", "concept-3.png", "concepts.csv", "crops.csv", "curves.csv", "deletion.png",
            "deletion.svg", "importance.png", "importance.svg", "index.html", "insertion.png", "insertion.svg", "manifest.json",
        ];
        CollectionAssert.AreEqual(expected, TemporaryFolder.FilesBelow(folder));
        Assert.HasCount(4, File.ReadAllLines(Path.Combine(folder, "concepts.csv")));
        Assert.HasCount(
            1 + (8 * 4), File.ReadAllLines(Path.Combine(folder, "curves.csv")), "two orders, curves and measures, 0 to 3 concepts");
        (Shape shape, float[] values) = Npy.Read(Path.Combine(folder, "components.npy"));
        Assert.AreEqual(new Shape(3, 8), shape);
        for (int j = 0; j < 3; j++)
        {
            Assert.AreEqual(1, values[(8 * j)..(8 * (j + 1))].Sum(v => (double)v * v), 1e-6, "unit length in float32");
        }

        string page = File.ReadAllText(Path.Combine(folder, "index.html"));
        Assert.AreEqual(3, page.Split("src=\"data:image/png;base64,").Length - 1);
        Assert.AreEqual(3, page.Split("<svg").Length - 1);
        Assert.Contains("default-src 'none'", page);
        Assert.DoesNotContain("{{", page);
        Assert.Contains("importance of random directions", result.Out);
        Assert.Contains("deletion by importance", result.Out);
        Assert.Contains("note: 6 images", result.Error);
    }

    [TestMethod]
    public void Json_IsTheManifest_AndTheSecondRunTakesItUp()
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePngs(scratch["photos"], 4);
        JsonElement first = Discover(scratch, "--json").AssertDone().Json;

        CliResult again = Discover(scratch, "--json").AssertDone();

        Assert.Contains("all of it was there", again.Error);
        Assert.AreEqual(first.GetRawText(), again.Json.GetRawText());
        Assert.AreEqual("zebra", first.GetProperty("label").GetString());
        Assert.HasCount(4, first.GetProperty("images").EnumerateArray().ToArray());
        Assert.HasCount(14, first.GetProperty("sha256").EnumerateObject().ToArray());
        double[] importance = [.. first.GetProperty("concepts").EnumerateArray().Select(c => c.GetProperty("importance").GetDouble())];
        CollectionAssert.AreEqual(importance.OrderDescending().ToArray(), importance);

        File.Delete(scratch[["out", .. Place, "concept-2.png"]]);
        Assert.DoesNotContain("all of it was there", Discover(scratch).AssertDone().Error, "what is damaged is made again");
        Assert.IsTrue(File.Exists(scratch[["out", .. Place, "concept-2.png"]]));
        Assert.Contains("is replaced", Discover(scratch, "--seed", "1").AssertDone().Error);
    }

    [TestMethod]
    public void ThreadsAndBatches_GiveTheSameBytes()
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePngs(scratch["photos"], 4);
        Discover(scratch, "--threads", "1", "--batch", "1").AssertDone();
        Directory.Move(scratch["out"], scratch["first"]);
        Discover(scratch, "--threads", "2", "--batch", "5").AssertDone();
        foreach (string file in TemporaryFolder.FilesBelow(scratch[["out", .. Place]]).Where(f => f != "manifest.json"))
        {
            CollectionAssert.AreEqual(
                File.ReadAllBytes(scratch[["first", .. Place, file]]), File.ReadAllBytes(scratch[["out", .. Place, file]]), file);
        }
    }

    [TestMethod]
    public void WrongUse_IsOneLine()
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePngs(scratch["photos"], 3);
        Fails("name the ReLU behind it, features.4", "--layer", "features.3");
        Fails("no class is called", "--class", "submarine");
        Fails("no layer 'features.9'", "--layer", "features.9");
        Fails("--components 9", "--components", "9");
        Fails("no such file", "--images", scratch["missing"]);
        Assert.IsFalse(File.Exists(scratch[["out", .. Place, "manifest.json"]]));

        void Fails(string part, params string[] args) => Discover(scratch, args).AssertFailed(ExitCodes.Usage, part);
    }

    [TestMethod]
    public void BadImageAmongGoodOnes_IsLeftOutAndSaid()
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePngs(scratch["photos"], 4);
        File.WriteAllText(scratch["photos", "bad.png"], "no image");

        CliResult result = Discover(scratch, "--json");

        Assert.AreEqual(ExitCodes.Usage, result.ExitCode);
        Assert.Contains("bad.png", result.Error);
        Assert.AreEqual(1, result.Json.GetProperty("skipped").GetInt32());
        Assert.HasCount(4, result.Json.GetProperty("images").EnumerateArray().ToArray());
    }

    [TestMethod]
    public void Cancelled_LeavesNoResult()
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePngs(scratch["photos"], 4);
        File.WriteAllText(scratch["photos", "9-bad.png"], "no image");

        CliResult result = CliRunner.RunUntil("9-bad.png", Arguments(scratch));

        Assert.AreEqual(ExitCodes.Cancelled, result.ExitCode);
        Assert.IsEmpty(Directory.EnumerateFiles(scratch["out"], "*", SearchOption.AllDirectories).ToArray());
    }

    private static CliResult Discover(TemporaryFolder scratch, params string[] more)
    {
        string[] given = Arguments(scratch);
        for (int i = 0; i < more.Length; i += 2)
        {
            int at = Array.IndexOf(given, more[i]);
            given = at < 0 ? [.. given, .. more[i..Math.Min(more.Length, i + 2)]]
                : [.. given[..(at + 1)], more[i + 1], .. given[(at + 2)..]];
        }

        return CliRunner.Run(given);
    }

    private static string[] Arguments(TemporaryFolder scratch) =>
    [
        "concepts", "discover", "--layer", "features.4", "--class", "zebra", "--images", scratch["photos"], "--model", TinyModel.Folder,
        "--out", scratch["out"], "--components", "3", "--samples", "4", "--random-sets", "1", "--random-orders", "2", "--splits", "1",
    ];
}
