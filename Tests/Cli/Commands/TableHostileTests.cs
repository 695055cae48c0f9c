using System.Text.Json.Nodes;
using Interp.Cli;
using Interp.Cli.Output;
using Interp.Tests.Cli.Support;
using Interp.Tests.Support;

namespace Interp.Tests.Cli.Commands;

/// <summary>Folders that nobody vouches for: broken and foreign manifests, paths that lead out, names that are markup.</summary>
[TestClass]
public sealed class TableHostileTests
{
    [TestMethod]
    [DataRow("", "expected a manifest of 1 byte to 64.0 MiB")]
    [DataRow("{", "expected JSON")]
    [DataRow("{\"version\":\"1\",\"settings\":\"x\"", "expected JSON")]
    [DataRow("nonsense", "expected JSON")]
    [DataRow("{\"version\":\"1\",\"version\":\"2\",\"settings\":\"x\"}", "expected JSON")]
    [DataRow("{\"version\":\"1\",\"settings\":\"\\ud800\"}", "expected JSON")]
    [DataRow("{\"\\udc00\":1,\"version\":\"1\",\"settings\":\"x\"}", "expected JSON")]
    public void Manifest_ThatIsBroken_IsOneLineAndTheOthersGoOn(string text, string part)
    {
        using var scratch = new TemporaryFolder();
        TinyResults.Copy("saliency", scratch["r"]);
        File.WriteAllText(scratch["r", "01", "vanilla", "manifest.json"], text);
        CliResult result = CliRunner.Run("table", scratch["r"], "--quiet", "--out", scratch["t"]);
        result.AssertFailed(ExitCodes.Usage, "vanilla/manifest.json", part);
        Assert.IsTrue(File.Exists(scratch["t", "table.html"]));
    }

    [TestMethod]
    public void Manifest_ThatIsHugeDeepOrBinary_IsOneLine()
    {
        using var scratch = new TemporaryFolder();
        TinyResults.Copy("saliency", scratch["r"]);
        string file = scratch["r", "01", "vanilla", "manifest.json"];
        using (FileStream huge = File.Create(file))
        {
            huge.SetLength(65L << 20);
        }

        Check("expected a manifest of 1 byte to 64.0 MiB, found 65.0 MiB");
        File.WriteAllText(file, new string('[', 100_000));
        Check("expected JSON");
        File.WriteAllBytes(file, [.. "{\"version\":\""u8, 0xFF, 0xFE, .. "\"}"u8]);
        Check("expected UTF-8");

        void Check(string part) => CliRunner.Run("table", scratch["r"], "--quiet", "--out", scratch["t"])
            .AssertFailed(ExitCodes.Usage, part);
    }

    [TestMethod]
    [DataRow("[]")]
    [DataRow("3")]
    [DataRow("{}")]
    [DataRow("{\"name\":\"a web page\",\"icons\":[{\"src\":\"a.png\"}],\"version\":\"3\"}")]
    public void Manifest_OfAnotherProgram_IsLeftOutWithANote(string text)
    {
        using var scratch = new TemporaryFolder();
        TinyResults.Copy("saliency", scratch["r"]);
        Directory.CreateDirectory(scratch["r", "web"]);
        File.WriteAllText(scratch["r", "web", "manifest.json"], text);
        Assert.Contains("no result of this program, left out", CliRunner.Run("table", scratch["r"], "--out",
            scratch["t"]).AssertDone().Error);
        Directory.Delete(scratch["r", "00"], recursive: true);
        Directory.Delete(scratch["r", "01"], recursive: true);
        CliRunner.Run("table", scratch["r"], "--quiet", "--out", scratch["t"]).AssertFailed(ExitCodes.Usage, "no result in it");
    }

    [TestMethod]
    public void Manifest_WithEveryValueOfAnotherKind_NeverFaults()
    {
        using var scratch = new TemporaryFolder();
        string original = File.ReadAllText(Path.Combine(TinyResults.Of("saliency"), "00", "vanilla", "manifest.json"));
        string file = scratch["r", "00", "vanilla", "manifest.json"];
        TinyResults.Copy("saliency", scratch["r"]);
        using var session = new CliSession();
        foreach (string name in JsonNode.Parse(original)!.AsObject().Select(p => p.Key).ToArray())
        {
            foreach (string value in (string[])["null", "[]", "{}", "-1e999", "\"\"", "[[1]]", "[null]"])
            {
                JsonObject changed = JsonNode.Parse(original)!.AsObject();
                changed[name] = JsonNode.Parse(value);
                File.WriteAllText(file, changed.ToJsonString());
                CliResult result = session.Run("table", scratch["r"], "--out", scratch["t"], "--format", "md,csv");
                Assert.AreNotEqual(ExitCodes.Unexpected, result.ExitCode, $"{name}={value}: {result.Error}");
            }
        }
    }

    [TestMethod]
    public void Files_OutsideTheFolder_AreNotRead()
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePng(scratch["secret.png"]);
        TinyResults.Copy("top-images", scratch["r"]);
        string file = Directory.GetFiles(scratch["r"], "manifest.json", SearchOption.AllDirectories).Single();
        foreach (string path in (string[])["../../secret.png", "../../../secret.png", scratch["secret.png"], "/etc/passwd", "a\0b",
            "..", "."])
        {
            JsonNode manifest = JsonNode.Parse(File.ReadAllText(file))!;
            manifest["units"]![0]!["sheet"] = path;
            manifest["files"] = new JsonArray(path, "0/sheet.png", "5/sheet.png");
            File.WriteAllText(file, manifest.ToJsonString());
            CliResult result = CliRunner.Run("table", scratch["r"], "--out", scratch["t"], "--format", "md,html", "--copy-images",
                "--json").AssertDone();
            Assert.DoesNotContain("secret", result.Out);
            Assert.Contains("no most exciting", result.Json.GetProperty("missing")[0].GetString()!);
            Assert.DoesNotContain("secret", File.ReadAllText(scratch["t", "table.md"]));
        }
    }

    [TestMethod]
    public void Links_AreNotFollowed()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("links need rights there");
        }

        using var scratch = new TemporaryFolder();
        TinyResults.Copy("saliency", scratch["r"]);
        TinyResults.Copy("gallery", scratch["other"]);
        Directory.CreateSymbolicLink(scratch["r", "linked"], scratch["other"]);
        Directory.CreateSymbolicLink(scratch["r", "loop"], scratch["r"]);
        string overlay = scratch["r", "00", "vanilla", "overlay.png"];
        File.Move(overlay, scratch["away.png"]);
        File.CreateSymbolicLink(overlay, scratch["away.png"]);
        CliResult result = CliRunner.Run("table", scratch["r"], "--out", scratch["t"]).AssertDone();
        Assert.Contains("linked and 1 more: a link, not followed", result.Error);
        Assert.Contains("00.png, vanilla: no overlay", result.Error);
        Assert.DoesNotContain("visualize", result.Error);
    }

    [TestMethod]
    public void Image_ThatHasChanged_IsNotShown()
    {
        using var scratch = new TemporaryFolder();
        TinyResults.Copy("saliency", scratch["r"]);
        File.Copy(TestImages.WritePng(scratch["other.png"]), scratch["r", "00", "gradcam", "overlay.png"], overwrite: true);
        File.WriteAllText(scratch["r", "01", "input.png"], "<svg onload=alert(1)>");
        CliResult result = CliRunner.Run("table", scratch["r"], "--out", scratch["t"]).AssertDone();
        Assert.Contains("00.png, gradcam: no overlay", result.Error);
        Assert.Contains("01.png: no as the network saw it", result.Error);
        Assert.DoesNotContain("onload", File.ReadAllText(scratch["t", "table.html"]));
    }

    [TestMethod]
    public void Table_ThatHasChanged_IsNotRead()
    {
        using var scratch = new TemporaryFolder();
        TinyResults.Copy("dissect", scratch["r"]);
        File.AppendAllText(scratch["r", "dissection", "features.1", "units.csv"], "9,1,2\n");
        CliResult result = CliRunner.Run("table", scratch["r"], "--out", scratch["t"], "--json").AssertDone();
        Assert.Contains("not as its manifest says, left out", result.Error);
        Assert.AreEqual(8, result.Json.GetProperty("table").GetArrayLength());
    }

    [TestMethod]
    public void Names_OfAnyKind_AreNoMarkupAndNoFormula()
    {
        using var scratch = new TemporaryFolder();
        string[] names = ["=1+2 a.png", "<b>&amp; \"q\" 'x'.png", "Füße 猫 🐈.png", "a|b [c](d) `e` _f_ *g*.png", "@x,y.png"];
        foreach (string name in names)
        {
            TestImages.WritePng(scratch["photos", name], (ulong)name.Length);
        }

        CliRunner.Run("saliency", scratch["photos"], "--method", "vanilla", "--model", TinyModel.Folder, "--out",
            scratch["r s"]).AssertDone();
        CliResult result = CliRunner.Run("table", scratch["r s"], "--rows", "photo", "--cell", "image:overlay,number:score", "--format",
            "html,md,csv,png", "--out", scratch["t"]).AssertDone();
        string html = File.ReadAllText(scratch["t", "table.html"]), md = File.ReadAllText(scratch["t", "table.md"]);
        Assert.DoesNotContain("<b>", html);
        Assert.Contains("&lt;b&gt;&amp;amp; &quot;q&quot; &#39;x&#39;.png", html);
        Assert.DoesNotContain("<b>", md);
        Assert.HasCount(2 + names.Length, md.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        foreach (string line in md.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(2))
        {
            string link = line[(line.LastIndexOf("](", StringComparison.Ordinal) + 2)..line.LastIndexOf(") | ",
                StringComparison.Ordinal)];
            Assert.IsTrue(File.Exists(Path.Combine(scratch["t"], Uri.UnescapeDataString(link))), link);
            Assert.DoesNotContain(" ", link);
        }

        string[][] rows = [.. CsvReader.Rows(File.ReadAllText(scratch["t", "table.csv"])).Skip(1).Select(r => r.ToArray())];
        Assert.IsTrue(rows.All(r => !"=+-@".Contains(r[0][0], StringComparison.Ordinal)), "no cell is a formula");
        CollectionAssert.IsSubsetOf((string[])["'=1+2 a.png", "'@x,y.png", "Füße 猫 🐈.png"], rows.Select(r => r[0]).ToArray());
        Assert.Contains("Füße 猫 🐈.png", result.Out);
    }

    [TestMethod]
    public void Copies_OfImages_LieBesideTheMarkdown()
    {
        using var scratch = new TemporaryFolder();
        CliRunner.Run("table", TinyResults.Of("saliency"), "--cell", "image:overlay", "--out", scratch["d", "my table.md"],
            "--copy-images").AssertDone();
        string[] files = [.. scratch.Everything().Where(f => f.EndsWith(".png", StringComparison.Ordinal))];
        Assert.HasCount(6, files, "two inputs and four overlays");
        Assert.Contains("(my%20table-images/saliency-00-input.png)", File.ReadAllText(scratch["d", "my table.md"]));
        CollectionAssert.AreEqual(
            File.ReadAllBytes(Path.Combine(TinyResults.Of("saliency"), "00", "vanilla", "overlay.png")),
            File.ReadAllBytes(scratch["d", "my table-images", "00-vanilla-overlay.png"]));
    }

    [TestMethod]
    public void Folders_InEachOther_AreBounded()
    {
        using var scratch = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine([scratch.Root, .. Enumerable.Repeat("d", 20)]));
        CliRunner.Run("table", scratch.Root).AssertFailed(ExitCodes.Usage, "expected at most 16 folders in each other");
    }
}
