using System.Text.Json;
using System.Text.Json.Nodes;
using Interp.Cli;
using Interp.Engine.Attribution;
using Interp.Engine.Concepts.Relevance;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Tests.Cli.Support;
using Interp.Tests.Support;
using Interp.Weights;

namespace Interp.Tests.Cli.Commands;

[TestClass]
public sealed class TopImagesCommandTests
{
    private const string Folder = "features.3-examples";

    [TestMethod]
    public void Manifest_HoldsWhatAPlainLoopFinds()
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePngs(scratch["photos"], 12);
        Network network = ModelStore.Load(TinyModel.Folder);
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(network, backend, new ExplainerOptions { Backward = false });
        Node layer = network.Find("features.3");
        var maps = Directory.GetFiles(scratch["photos"]).Order(StringComparer.Ordinal)
            .Select(f =>
            (Name: Path.GetFileName(f), Map: explainer.Forward(NetworkInput.Read(f, network)[0], [layer], CancellationToken.None)
            .Activation(layer)[(5 * 256)..(6 * 256)])).ToArray();

        JsonElement unit = Search(scratch, "--channel", "5", "--count", "4", "--least", "--json").AssertDone().Json.GetProperty("units")[0];

        (string Name, float[] Map)[] most = [.. maps.OrderByDescending(m => m.Map.Max()).Take(4)],
            least = [.. maps.OrderBy(m => m.Map.Min()).Take(4)];
        for (int i = 0; i < 4; i++)
        {
            JsonElement m = unit.GetProperty("most")[i], l = unit.GetProperty("least")[i];
            Assert.AreEqual(most[i].Name, Path.GetFileName(m.GetProperty("image").GetString()));
            Assert.AreEqual(most[i].Map.Max(), m.GetProperty("value").GetSingle());
            Assert.AreEqual(Array.IndexOf(most[i].Map, most[i].Map.Max()),
                (m.GetProperty("y").GetInt32() * 16) + m.GetProperty("x").GetInt32());
            Assert.AreEqual(least[i].Name, Path.GetFileName(l.GetProperty("image").GetString()));
            Assert.AreEqual(least[i].Map.Min(), l.GetProperty("value").GetSingle());
        }

        JsonElement s = unit.GetProperty("statistics");
        Assert.AreEqual(maps.Average(m => (double)m.Map.Max()), s.GetProperty("mean").GetDouble(), 1e-12, "float64 sums");
        Assert.AreEqual(maps.Count(m => m.Map.Max() > 0) / 12.0, s.GetProperty("active_share").GetDouble());
        Assert.AreEqual(12, s.GetProperty("histogram").EnumerateArray().Sum(c => c.GetInt64()));
    }

    [TestMethod]
    public void ByRelevance_ThePhotosThatRelyOnAChannelMostComeFirst_AndAStoppedSearchGoesOn()
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePngs(scratch["photos"], 12);
        File.WriteAllText(scratch["photos", "07-bad.png"], "no image"); // Its error message is what the run is cancelled at.
        Network network = ModelStore.Load(TinyModel.Folder);
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(network, backend, new ExplainerOptions { Backward = false });
        var relevance = new ConceptRelevance(explainer, network.Find("features.3"));
        (string, double)[] shares = [.. Directory.GetFiles(scratch["photos"]).Order(StringComparer.Ordinal)
            .Where(f => !f.Contains("bad", StringComparison.Ordinal))
            .Select(f => (Path.GetFileName(f), relevance.Channels(NetworkInput.Read(f, network)[0]).Share(5)))];
        string[] args = [
            "top-images", "--layer", "features.3", "--channel", "5", "--count", "4", "--least", "--rank", "relevance", "--batch", "1",
            "--images", scratch["photos"], "--model", TinyModel.Folder, "--threads", "1"];

        CliResult stopped = CliRunner.RunUntil("07-bad.png", [.. args, "--out", scratch["out"]]);
        CliResult resumed = CliRunner.Run([.. args, "--out", scratch["out"]]);
        CliResult whole = CliRunner.Run([.. args, "--out", scratch["whole"], "--json"]);

        Assert.AreEqual(ExitCodes.Cancelled, stopped.ExitCode, stopped.Error);
        Assert.Contains("going on from an earlier run", resumed.Error);
        Assert.AreEqual("relevance", whole.Json.GetProperty("rank").GetString());
        JsonElement unit = whole.Json.GetProperty("units")[0];
        string[] Names(string kind) =>
            [.. unit.GetProperty(kind).EnumerateArray().Select(e => Path.GetFileName(e.GetProperty("image").GetString()!))];
        CollectionAssert.AreEqual(shares.OrderByDescending(s => s.Item2).Take(4).Select(s => s.Item1).ToArray(), Names("most"));
        CollectionAssert.AreEqual(shares.OrderBy(s => s.Item2).Take(4).Select(s => s.Item1).ToArray(), Names("least"));
        double best = unit.GetProperty("most")[0].GetProperty("mean").GetDouble() * 256;
        Assert.AreEqual(shares.Max(s => s.Item2), best, 1e-6, "the mean over 16x16 places times their number is the share");
        foreach (string file in TemporaryFolder.FilesBelow(scratch["whole"]))
        {
            CollectionAssert.AreEqual(File.ReadAllBytes(scratch["whole", file]), File.ReadAllBytes(scratch["out", file]), file);
        }
    }

    [TestMethod]
    public void Search_WritesCutOutsSheetsTableAndManifest()
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePngs(scratch["photos"], 5);

        CliResult result = Search(scratch, "--channel", "1,3-4", "--count", "3", "--least").AssertDone();

        string[] each = ["least-1.png", "least-2.png", "least-3.png", "most-1.png", "most-2.png", "most-3.png", "sheet.png"];
        string[] expected = [.. from k in (int[])[1, 3, 4] from f in each select $"{k}/{f}", "manifest.json", "top-images.csv"];
        CollectionAssert.AreEqual(expected.Order(StringComparer.Ordinal).ToArray(), TemporaryFolder.FilesBelow(scratch["out", Folder]));
        Assert.AreEqual((3 * 6) + 1, File.ReadAllLines(scratch["out", Folder, "top-images.csv"]).Length);
        RgbImage crop = ImageFile.Read(scratch["out", Folder, "3", "most-1.png"]),
            sheet = ImageFile.Read(scratch["out", Folder, "3", "sheet.png"]);
        Assert.AreEqual((192, 192), (crop.Width, crop.Height));
        Assert.IsGreaterThan(4 * 192, sheet.Width, "two columns, twice");
        Assert.AreEqual(4, result.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length, "a header and three channels");
    }

    [TestMethod]
    public void All_IsEveryChannel()
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePngs(scratch["photos"], 2);

        Assert.AreEqual(8, Search(scratch, "--channel", "all", "--json").AssertDone().Json.GetProperty("units").GetArrayLength());
    }

    [TestMethod]
    [DataRow("classifier.0")]
    [DataRow("classifier.3")]
    [DataRow("avgpool")]
    public void LayersOfAnyKind_CanBeAsked(string layer)
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePngs(scratch["photos"], 2);

        CliRunner.Run("top-images", "--layer", layer, "--channel", "2", "--images", scratch["photos"], "--model", TinyModel.Folder, "--out",
            scratch["out"]).AssertDone();
    }

    [TestMethod]
    public void Threads_GiveTheSameBytes()
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePngs(scratch["photos"], 9);
        Search(scratch, "--channel", "0,6", "--least", "--threads", "1").AssertDone();
        Directory.Move(scratch["out"], scratch["one"]);
        Search(scratch, "--channel", "0,6", "--least", "--threads", "2").AssertDone();

        foreach (string file in TemporaryFolder.FilesBelow(scratch["one"]))
        {
            if (Path.GetFileName(file) == "manifest.json")
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
            manifest.Remove("settings");
            return manifest.ToJsonString();
        }
    }

    [TestMethod]
    public void SecondRun_TakesWhatIsThere_UnlessSettingsOrImagesChange()
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePngs(scratch["photos"], 3);
        string first = Search(scratch, "--channel", "0").AssertDone().Out;

        CliResult second = Search(scratch, "--channel", "0").AssertDone();
        Assert.AreEqual(first, second.Out);
        Assert.Contains("was there", second.Error);
        Assert.DoesNotContain("was there", Search(scratch, "--channel", "0", "--rank", "mean").AssertDone().Error);
        TestImages.WritePng(scratch["photos", "new.png"], 77);
        Assert.DoesNotContain("was there", Search(scratch, "--channel", "0", "--rank", "mean").AssertDone().Error);
        File.Delete(scratch["out", Folder, "0", "most-2.png"]);
        Assert.DoesNotContain("was there", Search(scratch, "--channel", "0", "--rank", "mean").AssertDone().Error);
    }

    [TestMethod]
    public void Cancelled_KeepsWhatIsDone_AndTheNextRunGoesOn()
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePngs(scratch["photos"], 24);
        File.WriteAllText(scratch["photos", "12-bad.png"], "no image"); // Its error message is what the run is cancelled at.
        string[] args = [
            "top-images", "--layer", "features.3", "--channel", "0,6", "--least", "--batch", "1", "--images", scratch["photos"], "--model",
            TinyModel.Folder, "--threads", "1"];

        CliResult stopped = CliRunner.RunUntil("12-bad.png", [.. args, "--out", scratch["out"]]);

        Assert.AreEqual(ExitCodes.Cancelled, stopped.ExitCode, stopped.Error);
        Assert.Contains("partial: these are the first", stopped.Error);
        JsonElement partial = JsonDocument.Parse(File.ReadAllText(scratch["out", Folder, "manifest.json"])).RootElement;
        Assert.IsFalse(partial.GetProperty("complete").GetBoolean());
        Assert.IsInRange(1, 13, partial.GetProperty("images").GetInt32());
        Assert.IsTrue(File.Exists(scratch["out", Folder, "0", "sheet.png"]));

        CliResult resumed = CliRunner.Run([.. args, "--out", scratch["out"]]);
        CliResult whole = CliRunner.Run([.. args, "--out", scratch["whole"]]);

        Assert.Contains("going on from an earlier run", resumed.Error);
        Assert.AreEqual(ExitCodes.Usage, resumed.ExitCode, "a file could not be read");
        Assert.AreEqual(ExitCodes.Usage, whole.ExitCode);
        string[] files = TemporaryFolder.FilesBelow(scratch["whole"]);
        CollectionAssert.AreEqual(files, TemporaryFolder.FilesBelow(scratch["out"]), "nothing of the stopped run is left");
        foreach (string file in files)
        {
            CollectionAssert.AreEqual(File.ReadAllBytes(scratch["whole", file]), File.ReadAllBytes(scratch["out", file]), file);
        }
    }

    [TestMethod]
    public void CancelledAtOnce_LeavesNoResult()
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePngs(scratch["photos"], 2);

        CliResult result = CliRunner.Run(
            new CancellationToken(true), "top-images", "--layer", "features.3", "--channel", "0", "--images", scratch["photos"], "--model",
            TinyModel.Folder, "--out", scratch["out"]);

        Assert.AreEqual(ExitCodes.Cancelled, result.ExitCode);
        Assert.IsEmpty(TemporaryFolder.FilesBelow(scratch["out"]));
    }

    [TestMethod]
    public void BadImages_AreOneLineEach()
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePngs(scratch["photos"], 3);
        File.WriteAllText(scratch["photos", "bad.png"], "no image");

        CliResult result = Search(scratch, "--channel", "0", "--json");

        Assert.AreEqual(ExitCodes.Usage, result.ExitCode);
        Assert.Contains("bad.png", result.Error);
        Assert.AreEqual(1, result.Json.GetProperty("skipped").GetInt32());
        Assert.AreEqual(3, result.Json.GetProperty("images").GetInt32());
    }

    [TestMethod]
    public void Tensors_OfSeveralSizes_AreLookedAt()
    {
        using var scratch = new TemporaryFolder();
        Directory.CreateDirectory(scratch["photos"]);
        string small = TestImages.WriteNpy(scratch["photos", "small.npy"], 3, 3, 40, 48),
            large = TestImages.WriteNpy(scratch["photos", "large.npy"], 3, 32, 32);

        JsonElement json = CliRunner.Run(
            "top-images", "--layer", "features.3", "--channel", "0", "--images", small, large, "--model", TinyModel.Folder, "--out",
            scratch["out"], "--json").AssertDone().Json;

        Assert.AreEqual(4, json.GetProperty("images").GetInt32());
        CollectionAssert.AreEquivalent(new int?[] { 0, 1, 2, null }, json.GetProperty("units")[0].GetProperty("most").EnumerateArray()
            .Select(e => e.GetProperty("part").ValueKind == JsonValueKind.Null ? (int?)null : e.GetProperty("part").GetInt32()).ToArray());
    }

    [TestMethod]
    [DataRow(new[] { "features.99" }, "--layer", "features.99", "--channel", "0")]
    [DataRow(new[] { "--channel", "0 to 7" }, "--layer", "features.3", "--channel", "8")]
    [DataRow(new[] { "image itself" }, "--layer", "input", "--channel", "0")]
    [DataRow(new[] { "--channel" }, "--layer", "features.3")]
    [DataRow(new[] { "--layer" }, "--channel", "0")]
    [DataRow(new[] { "--count", "1 to 1000" }, "--layer", "features.3", "--channel", "0", "--count", "0")]
    public void WrongUsage_IsOneLine(string[] expected, params string[] args)
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePngs(scratch["photos"], 1);

        CliRunner.Run(["top-images", .. args, "--images", scratch["photos"], "--model", TinyModel.Folder, "--out", scratch["out"]])
            .AssertFailed(ExitCodes.Usage, expected);
    }

    [TestMethod]
    public void EmptyFolder_AndUnwritableOutput_AreOneLine()
    {
        using var scratch = new TemporaryFolder();
        Directory.CreateDirectory(scratch["empty"]);
        string[] args = ["top-images", "--layer", "features.3", "--channel", "0", "--model", TinyModel.Folder];
        CliRunner.Run([.. args, "--images", scratch["empty"], "--out", scratch["out"]]).AssertFailed(ExitCodes.Usage, "holds no image");
        CliRunner.Run([.. args, "--images", scratch["none"], "--out", scratch["out"]]).AssertFailed(ExitCodes.Usage, "no such file");
        TestImages.WritePngs(scratch["photos"], 1);
        CliRunner.Run([.. args, "--images", scratch["photos"], "--out", scratch.Unwritable()]).AssertFailed(
            ExitCodes.Output, "choose another --out");
    }

    [TestMethod]
    [DataRow("--channel", "3")]
    [DataRow("--model", OtherModel.Name)]
    public void OtherSearch_LeavesNothingOfTheFirst(string option, string value)
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePngs(scratch["photos"], 3);
        Search(scratch, "--channel", "0,6", "--least").AssertDone();

        string[] args = option == "--model" ? ["--channel", "3", option, OtherModel.Write(scratch["model"])]
            : [option, value, "--model", TinyModel.Folder];
        CliResult result = CliRunner.Run(
            ["top-images", "--layer", "features.3", "--images", scratch["photos"], .. args, "--out", scratch["out"]]).AssertDone();

        Assert.Contains("held another search, 2 channels in 3 images by tiny: it is replaced", result.Error);
        CollectionAssert.AreEqual(
            (string[])["3/most-1.png", "3/most-2.png", "3/most-3.png", "3/sheet.png", "manifest.json", "top-images.csv"],
            TemporaryFolder.FilesBelow(scratch["out", Folder]));
    }

    [TestMethod]
    public void OtherSearch_ThatIsStoppedAtOnce_LeavesTheFirst()
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePngs(scratch["photos"], 3);
        Search(scratch, "--channel", "0").AssertDone();

        CliRunner.Run(new CancellationToken(true), "top-images", "--layer", "features.3", "--channel", "1", "--images", scratch["photos"],
            "--model", TinyModel.Folder, "--out", scratch["out"]);

        Assert.Contains("was there", Search(scratch, "--channel", "0").AssertDone().Error);
    }

    [TestMethod]
    [DataRow("0/sheet.png")]
    [DataRow("0/most-1.png")]
    [DataRow("top-images.csv")]
    public void DamagedFile_IsMadeAgain(string file)
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePngs(scratch["photos"], 3);
        Search(scratch, "--channel", "0").AssertDone();
        string path = Path.Combine(scratch["out", Folder], file);
        byte[] whole = File.ReadAllBytes(path);
        File.WriteAllBytes(path, []);

        Assert.DoesNotContain("was there", Search(scratch, "--channel", "0").AssertDone().Error);
        CollectionAssert.AreEqual(whole, File.ReadAllBytes(path));
        Assert.Contains("was there", Search(scratch, "--channel", "0", "--threads", "3").AssertDone().Error,
            "the number of threads changes nothing");
    }

    [TestMethod]
    public void ImageThatDoesNotFitTheNetwork_IsOneLine_AndTheOthersAreSeen()
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePngs(scratch["photos"], 3);
        TestImages.WriteNpy(scratch["tiny.npy"], 3, 1, 1);

        CliResult result = CliRunner.Run(
            "top-images", "--layer", "features.3", "--channel", "0", "--images", scratch["tiny.npy"], scratch["photos"], "--model",
            TinyModel.Folder, "--out", scratch["out"], "--json");

        Assert.IsTrue(result.ExitCode is ExitCodes.Usage or ExitCodes.Model, result.Error);
        Assert.HasCount(1, result.Error.Split('\n').Where(l => l.StartsWith("error: ", StringComparison.Ordinal)).ToArray(), result.Error);
        Assert.AreEqual(3, result.Json.GetProperty("images").GetInt32());
    }

    private static CliResult Search(TemporaryFolder scratch, params string[] args) =>
        CliRunner.Run(
        ["top-images", "--layer", "features.3", "--images", scratch["photos"], .. args, "--model", TinyModel.Folder, "--out",
        scratch["out"]]);
}
