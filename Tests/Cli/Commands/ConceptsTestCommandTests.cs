using System.Text.Json;
using System.Text.Json.Nodes;
using Interp.Cli;
using Interp.Engine.Imaging;
using Interp.Engine.Tensors;
using Interp.Tests.Cli.Support;
using Interp.Tests.Support;

namespace Interp.Tests.Cli.Commands;

[TestClass]
public sealed class ConceptsTestCommandTests
{
    private const string Layer = "features.4";

    [TestMethod]
    public void Test_WritesTablesVectorsSheetsPageAndManifest()
    {
        using var scratch = new TemporaryFolder();
        WriteImages(scratch);
        CliResult result = Test(scratch, "--map", scratch["photos", "tabby cat", "2.png"]).AssertDone();

        string[] expected =
        [
            "cavs.npy", "cavs/first.npy", "cavs/second.npy", "concepts.csv", "images.csv", "index.html", "manifest.json",
            .. from c in (string[])["first", "second"]
               from f in (string[])["attribution.npy", "heatmap.png", "map.npy", "overlay.png"]
               select $"maps/2/tabby cat/{c}/{f}",
            "maps/2/input.png", "scores.csv", "tabby cat/first-sorted.png", "tabby cat/second-sorted.png", "tabby cat/tcav.png",
            "tabby cat/tcav.svg",
        ];
        CollectionAssert.AreEqual(expected.Order(StringComparer.Ordinal).ToArray(), TemporaryFolder.FilesBelow(scratch["out"]));
        string[] lines = File.ReadAllLines(scratch["out", "concepts.csv"]);
        Assert.AreEqual("concept,class,score,mean_sensitivity,p,p_corrected,stars,cav_accuracy", lines[0]);
        Assert.AreEqual(3, lines.Length);
        Assert.StartsWith("first,0,", lines[1]);
        (Shape shape, float[] values) = Npy.Read(scratch["out", "cavs.npy"]);
        Assert.AreEqual(new Shape(2, 8 * 16 * 16), shape);
        Assert.AreEqual(2, values.Sum(v => (double)v * v), 1e-5, "two unit vectors in float32");
        Assert.AreEqual(1 + (2 * 5), File.ReadAllLines(scratch["out", "images.csv"]).Length);
        Assert.Contains("held-out random concepts", result.Out);
        Assert.Contains("Holm over 2 tests: 2 concepts x 1 class of this layer", result.Out);
        string page = File.ReadAllText(scratch["out", "index.html"]);
        Assert.Contains("Concepts at features.4", page);
        Assert.DoesNotContain("{{", page);
        RgbImage chart = ImageFile.Read(scratch["out", "tabby cat", "tcav.png"]);
        Assert.IsGreaterThan(200, chart.Width);
    }

    [TestMethod]
    public void Json_SaysTheSameAsTheTables_AndWhatWasAssumed()
    {
        using var scratch = new TemporaryFolder();
        WriteImages(scratch);
        JsonElement m = Test(scratch, "--json").AssertDone().Json[0];
        JsonElement score = m.GetProperty("classes")[0].GetProperty("scores")[0];
        string[] cells = File.ReadAllLines(scratch["out", "concepts.csv"])[1].Split(',');
        Assert.AreEqual(cells[2], $"{score.GetProperty("score").GetDouble():R}");
        Assert.AreEqual(cells[4], $"{score.GetProperty("p").GetDouble():R}");
        Assert.AreEqual("logistic", m.GetProperty("cav").GetString());
        Assert.AreEqual(400, m.GetProperty("random_concepts").GetInt32());
        Assert.AreEqual(12, m.GetProperty("random_images").GetInt32());
        Assert.IsTrue(m.GetProperty("remarks").EnumerateArray().Any(r => r.GetString()!.Contains("random images are")));
        Assert.IsTrue(m.GetProperty("warnings").EnumerateArray().Any(r => r.GetString()!.Contains("concept first: 6 images")));
    }

    [TestMethod]
    public void SecondRun_TakesWhatIsThere_UnlessSomethingChanged()
    {
        using var scratch = new TemporaryFolder();
        WriteImages(scratch);
        string first = Test(scratch).AssertDone().Out;
        CliResult second = Test(scratch).AssertDone();
        Assert.AreEqual(first, second.Out);
        Assert.Contains("was there", second.Error);
        Assert.DoesNotContain("was there", Test(scratch, "--cav", "svm").AssertDone().Error);
        TestImages.WritePng(scratch["concepts", "first", "new.png"], 77);
        Assert.DoesNotContain("was there", Test(scratch, "--cav", "svm").AssertDone().Error);
        File.Delete(scratch["out", "scores.csv"]);
        Assert.DoesNotContain("was there", Test(scratch, "--cav", "svm").AssertDone().Error);
    }

    [TestMethod]
    public void Threads_GiveTheSameBytes()
    {
        using var scratch = new TemporaryFolder();
        WriteImages(scratch);
        Test(scratch, "--threads", "1").AssertDone();
        Directory.Move(scratch["out"], scratch["one"]);
        Test(scratch, "--threads", "2").AssertDone();
        foreach (string file in TemporaryFolder.FilesBelow(scratch["one"]))
        {
            if (file == "manifest.json")
            {
                Assert.AreEqual(Manifest(scratch["one", file]), Manifest(scratch["out", file]));
            }
            else
            {
                CollectionAssert.AreEqual(File.ReadAllBytes(scratch["one", file]), File.ReadAllBytes(scratch["out", file]), file);
            }
        }

        static string Manifest(string path)
        {
            JsonObject manifest = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
            manifest.Remove("threads");
            manifest.Remove("seconds");
            return manifest.ToJsonString();
        }
    }

    [TestMethod]
    public void Vectors_AreDirectionsForVisualize()
    {
        using var scratch = new TemporaryFolder();
        WriteImages(scratch);
        Test(scratch, "--pool", "mean").AssertDone();
        CliRunner.Run("visualize", "--objective", $"direction({Layer}, {scratch["out", "cavs", "first.npy"]})", "--steps", "2", "--model",
            TinyModel.Folder, "--out", scratch["seen"]).AssertDone();
        Assert.AreEqual(new Shape(2, 8), Npy.Read(scratch["out", "cavs.npy"]).Shape);
    }

    [TestMethod]
    public void Patterns_AreToldFromEachOther_AndSeveralLayersHaveFoldersOfTheirOwn()
    {
        using var scratch = new TemporaryFolder();
        WriteImages(scratch);
        CliResult result = CliRunner.Run(
            "concepts", "test", "--layer", $"{Layer},classifier.0", "--class", "zebra", "tabby cat", "--images", scratch["photos"],
            "--concepts", "patterns", "--only", "striped,red,dotted", "--count", "6", "--null", "19", "--model", TinyModel.Folder, "--out",
            scratch["out"]).AssertDone();
        Assert.Contains("drawings", result.Error);
        foreach (string layer in (string[])[Layer, "classifier.0"])
        {
            Assert.AreEqual(1 + (2 * 3), File.ReadAllLines(scratch["out", layer, "concepts.csv"]).Length);
        }
    }

    [TestMethod]
    public void UnreadableImages_AreLeftOut_Counted_AndEndWithTwo()
    {
        using var scratch = new TemporaryFolder();
        WriteImages(scratch);
        File.WriteAllText(scratch["concepts", "first", "broken.png"], "no image");
        CliResult result = Test(scratch, "--json");
        Assert.AreEqual(ExitCodes.Usage, result.ExitCode);
        Assert.AreEqual(1, result.Error.Split("broken.png").Length - 1, "named once");
        Assert.AreEqual(1, result.Json[0].GetProperty("skipped").GetInt32());
    }

    [TestMethod]
    public void MapOfNoPhoto_IsSaidBeforeTheTest_AndLeavesWhatIsThere()
    {
        using var scratch = new TemporaryFolder();
        WriteImages(scratch);
        Test(scratch).AssertDone();
        byte[] before = File.ReadAllBytes(scratch["out", "manifest.json"]);

        Test(scratch, "--map", scratch["none.jpg"]).AssertFailed(ExitCodes.Usage, "none.jpg: no such file");

        CollectionAssert.AreEqual(before, File.ReadAllBytes(scratch["out", "manifest.json"]));
    }

    [TestMethod]
    public void ConceptsWithOddNames_StayInTheirFolder_AndOneARow()
    {
        using var scratch = new TemporaryFolder();
        WriteImages(scratch);
        string[] odd = [$"a,\"b\"", "..x", new string('L', 240), "<i>", "two\nlines"];
        foreach (string name in OperatingSystem.IsWindows() ? odd[1..3] : odd)
        {
            string folder = Directory.CreateDirectory(scratch["concepts", name]).FullName;
            foreach (string file in Directory.GetFiles(scratch["concepts", "first"]))
            {
                File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
            }
        }

        CliResult result = Test(scratch).AssertDone();

        Assert.IsTrue(result.Out.Split('\n').Where(l => l.Contains("tabby cat ")).All(l => l.Length < 140), "names are cut in the table");
        Assert.DoesNotContain("<i>", File.ReadAllText(scratch["out", "index.html"]));
        Assert.IsTrue(TemporaryFolder.FilesBelow(scratch["out"]).All(f => !f.Any(char.IsControl)), "names are of one line");
    }

    [TestMethod]
    public void WrongUse_IsOneLine()
    {
        using var scratch = new TemporaryFolder();
        WriteImages(scratch);
        CliRunner.Run("concepts").AssertFailed(ExitCodes.Usage, "a command is needed: one of test");
        Run("--concepts", "patterns").AssertFailed(ExitCodes.Usage, "--images", "photos of 'tabby cat' are needed");
        Run("--concepts", "patterns", "--only", "plaid", "--images", scratch["photos"]).AssertFailed(ExitCodes.Usage, "plaid", "striped");
        Run("--concepts", scratch["none"], "--images", scratch["photos"]).AssertFailed(ExitCodes.Usage, "there is no such folder");
        Run("--concepts", scratch["concepts"], "--images", scratch["photos"], "--class", "goose")
            .AssertFailed(ExitCodes.Usage, "no folder in it is called by 'goose'");
        string[] others = ["--concepts", scratch["concepts"], "--images", scratch["photos"], "--random", scratch["random"]];
        Run([.. others, "--layer", "classifier.3"]).AssertFailed(ExitCodes.Usage, "only linear layers follow", "such as classifier.0");
        Run([.. others, "--layer", "nowhere"]).AssertFailed(ExitCodes.Usage, "nowhere");
        Assert.IsFalse(Directory.Exists(scratch["out"]) && TemporaryFolder.FilesBelow(scratch["out"]).Length > 0);

        CliResult Run(params string[] more)
        {
            string[] usual = ["concepts", "test", "--model", TinyModel.Folder, "--quiet", "--out", scratch["out"]];
            string[] layer = more.Contains(
                "--layer") ? [] : ["--layer", Layer], label = more.Contains("--class") ? [] : ["--class", "tabby cat"];
            return CliRunner.Run([.. usual, .. layer, .. label, .. more]);
        }
    }

    private static CliResult Test(TemporaryFolder scratch, params string[] more) => CliRunner.Run(
        ["concepts", "test", "--layer", Layer, "--class", "tabby cat", "--images", scratch["photos"], "--concepts", scratch["concepts"],
            "--random", scratch["random"], "--model", TinyModel.Folder, "--out", scratch["out"], .. more]);

    private static void WriteImages(TemporaryFolder scratch)
    {
        ulong seed = 0;
        foreach ((string folder, int count) in ((string, int)[])[
            ("photos/tabby cat", 5), ("photos/zebra", 5), ("concepts/first", 6), ("concepts/second", 6), ("random", 12)])
        {
            for (int i = 0; i < count; i++)
            {
                TestImages.WritePng(scratch[[.. folder.Split('/'), $"{i}.png"]], ++seed);
            }
        }
    }
}
