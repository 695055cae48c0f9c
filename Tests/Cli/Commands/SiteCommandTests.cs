using System.Text.Json;
using Interp.Cli;
using Interp.Engine.Imaging;
using Interp.Tests.Cli.Support;
using Interp.Tests.Support;

namespace Interp.Tests.Cli.Commands;

[TestClass]
public sealed class SiteCommandTests
{
    [TestMethod]
    public void Site_HasAPageForEachLayerUnitAndClass_AndEveryLinkLeadsSomewhere()
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePngs(scratch["photos"], 5);

        JsonElement site = Site(scratch, "--images", scratch["photos"], "--classes", "0,zebra", "--json").AssertDone().Json;

        string[] pages = SiteFiles.AssertSound(scratch["out"]);
        Assert.HasCount(1 + 1 + 2 + 4 + 2, pages, "index, search, layers, units, classes");
        Assert.AreEqual(pages.Length, site.GetProperty("pages").GetInt32());
        Assert.IsTrue(site.GetProperty("complete").GetBoolean());
        string unit = File.ReadAllText(Directory.GetFiles(scratch["out", "units", "features.4"], "*.html")[0]);
        foreach (string part in (string[])["Optimised to excite it", "before the ReLU", "class=\"histogram\"",
            "images with another top class", "its mask and the concept", "p by chance", "in other classes", "median photo"])
        {
            Assert.Contains(part, unit);
        }

        Assert.Contains("by chance", File.ReadAllText(scratch["out", "layers", "features.4.html"]));
        string zebra = File.ReadAllText(scratch["out", "classes", "3.html"]);
        Assert.Contains("Saved, read back and classified", zebra);
        Assert.Contains("mean change of its logit", zebra);
        Assert.Contains("\"zebra\"", File.ReadAllText(scratch["out", "search-data.js"]));
    }

    [TestMethod]
    public void Site_Again_TakesAllThatIsThere_AndWithMoreUnits_OnlyMakesThose()
    {
        using var scratch = new TemporaryFolder();
        Site(scratch).AssertDone();
        Dictionary<string, DateTime> before = Times(scratch["out"]);

        Assert.Contains("all of it was there from the same settings", Site(scratch).AssertDone().Error);
        CollectionAssert.AreEqual(before, Times(scratch["out"]));
        Site(scratch, "--units", "3").AssertDone();

        SiteFiles.AssertSound(scratch["out"]);
        Dictionary<string, DateTime> after = Times(scratch["out"]);
        string[] made = [.. before.Keys.Where(f => f.EndsWith("image.png", StringComparison.Ordinal))];
        Assert.IsNotEmpty(made);
        Assert.IsTrue(made.All(f => after[f] == before[f]), "images of the same settings stay");
        Assert.HasCount(made.Length + 4, after.Keys.Where(f => f.EndsWith("image.png", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Site_StoppedByCtrlC_LeavesWholePages_AndGoesOn()
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePngs(scratch["photos"], 4);
        File.WriteAllText(scratch["photos", "bad.png"], "no image");
        string[] more = ["--images", scratch["photos"], "--classes", "none", "--labels", "none"];

        CliResult stopped = CliRunner.RunUntil("bad.png", Arguments(scratch, more));

        Assert.AreEqual(ExitCodes.Cancelled, stopped.ExitCode, stopped.Error);
        SiteFiles.AssertSound(scratch["out"]);
        Assert.Contains("Partial: it was stopped", File.ReadAllText(scratch["out", "index.html"]));
        File.Delete(scratch["photos", "bad.png"]);

        Site(scratch, more).AssertDone();

        SiteFiles.AssertSound(scratch["out"]);
        Assert.DoesNotContain("Partial", File.ReadAllText(scratch["out", "index.html"]));
        string[] results = TemporaryFolder.FilesBelow(scratch["out"]);
        Site(scratch, [.. more, "--out", scratch["whole"]]).AssertDone();
        CollectionAssert.AreEqual(TemporaryFolder.FilesBelow(scratch["whole"]), results);
        foreach (string file in results.Where(f => Path.GetExtension(f) is ".png" or ".html"))
        {
            CollectionAssert.AreEqual(File.ReadAllBytes(scratch["whole", file]), File.ReadAllBytes(scratch["out", file]), file);
        }
    }

    [TestMethod]
    public void Site_AtAnyBatchAndThreadCount_HasTheSameBytes()
    {
        using var scratch = new TemporaryFolder();
        Site(scratch, "--labels", "none", "--batch", "1", "--threads", "1", "--out", scratch["one"]).AssertDone();
        Site(scratch, "--labels", "none", "--batch", "3", "--threads", "2", "--out", scratch["many"]).AssertDone();

        foreach (string file in TemporaryFolder.FilesBelow(scratch["one"]).Where(f => Path.GetFileName(f) != "manifest.json"))
        {
            CollectionAssert.AreEqual(File.ReadAllBytes(scratch["one", file]), File.ReadAllBytes(scratch["many", file]), file);
        }
    }

    [TestMethod]
    public void Labels_ThatAreMarkup_StayText()
    {
        using var scratch = new TemporaryFolder();
        const string Hostile = "</script><img src=x onerror=alert(1)>\"'";
        string model = OtherModel.Write(scratch["model"]), json = Path.Combine(model, "model.json");
        File.WriteAllText(json, File.ReadAllText(json).Replace("\"zebra\"", JsonSerializer.Serialize(Hostile), StringComparison.Ordinal));

        Site(scratch, "--classes", "3", "--labels", "none", "--model", model).AssertDone();

        foreach (string page in SiteFiles.AssertSound(scratch["out"]).Append(scratch["out", "search-data.js"]))
        {
            Assert.DoesNotContain("<img src=x", File.ReadAllText(page), page);
        }

        Assert.Contains("&lt;img src=x", File.ReadAllText(scratch["out", "classes", "3.html"]));
    }

    [TestMethod]
    public void Results_OfOneLayersUnits_AreThoseOfOneImageAlone()
    {
        using var scratch = new TemporaryFolder();
        Site(scratch, "--labels", "none", "--units", "0-3", "--out", scratch["four"]).AssertDone();
        Site(scratch, "--labels", "none", "--units", "2-2", "--out", scratch["one"]).AssertDone();

        const string Image = "features.4-2/image.npy";
        CollectionAssert.AreEqual(
            File.ReadAllBytes(scratch["four", "results", Image]), File.ReadAllBytes(scratch["one", "results", Image]));
    }

    [TestMethod]
    [DataRow("--units 0: expected at least one unit", "--units", "0")]
    [DataRow("expected numbers and ranges from 0 to 5", "--units", "99-100")]
    [DataRow("without labels there are none", "--units", "detectors", "--labels", "none")]
    [DataRow("features.99", "--layers", "features.99")]
    [DataRow("that is the image itself", "--layers", "input")]
    [DataRow("expected names of layers", "--layers", ",")]
    [DataRow("nowhere", "--images", "nowhere")]
    [DataRow("nowhere", "--labels", "nowhere")]
    [DataRow("--size 8: expected at least 32", "--size", "8")]
    [DataRow("moose", "--classes", "moose")]
    public void BadInput_IsOneLine(string part, params string[] more)
    {
        using var scratch = new TemporaryFolder();
        Site(scratch, more).AssertFailed(ExitCodes.Usage, part);
        Assert.IsFalse(Directory.Exists(scratch["out"]));
    }

    [TestMethod]
    public void Images_AreTheSmallerOfPngAndJpeg()
    {
        using var scratch = new TemporaryFolder();
        Site(scratch, "--labels", "none", "--steps", "20").AssertDone();
        foreach (string file in Directory.GetFiles(scratch["out", "images", "features.4"]).Where(f => Path.GetExtension(f) != ".json"))
        {
            using var png = new MemoryStream();
            ImageFile.WritePng(png, ImageFile.Read(file));
            Assert.IsLessThanOrEqualTo(png.Length, new FileInfo(file).Length, file);
        }
    }

    private static Dictionary<string, DateTime> Times(string root) =>
        TemporaryFolder.FilesBelow(root).Where(f => !f.Contains("layers.", StringComparison.Ordinal))
            .ToDictionary(f => f, f => File.GetLastWriteTimeUtc(Path.Combine(root, f)));

    private static CliResult Site(TemporaryFolder scratch, params string[] more) => CliRunner.Run(Arguments(scratch, more));

    private static string[] Arguments(TemporaryFolder scratch, string[] more)
    {
        (string, string)[] usual =
        [
            ("--layers", "features.1,features.4"), ("--units", "2"), ("--steps", "2"), ("--model", TinyModel.Folder),
            ("--out", scratch["out"]),
        ];
        return ["site", .. usual.Where(o => !more.Contains(o.Item1)).SelectMany(o => (string[])[o.Item1, o.Item2]), .. more];
    }
}
