using System.Globalization;
using System.Text.Json;
using Interp.Cli;
using Interp.Cli.Output;
using Interp.Tests.Cli.Support;
using Interp.Tests.Support;

namespace Interp.Tests.Cli.Commands;

/// <summary><c>unit</c>, <c>top-images</c> and <c>gallery</c> beside a dissection in the same folder.</summary>
[TestClass]
public sealed class UnitLabelsTests
{
    private static readonly string[] s_search = ["--layer", "features.3", "--channel"];
    private static readonly Lazy<TemporaryFolder> s_made = new(Made);

    [ClassCleanup]
    public static void Remove()
    {
        if (s_made.IsValueCreated)
        {
            s_made.Value.Dispose();
        }
    }

    /// <summary>The page has the label that the ReLU behind the layer has in its table; what was found before is not searched anew.
    /// </summary>
    [TestMethod]
    public void AUnitsPage_TakesUpTheDissection()
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePngs(scratch["photos"], 3);
        JsonElement before = Run(scratch, ["unit", .. s_search, "2", "--steps", "0", "--json"]).AssertDone().Json;
        Assert.AreEqual(JsonValueKind.Null, LabelOf(before).ValueKind);
        string page = scratch["out", "features.3-2-unit", "unit.html"];
        Assert.Contains("Not asked: ‘dissect --layer features.3’", System.Net.WebUtility.HtmlDecode(File.ReadAllText(page)));

        Dissect(scratch);
        CliResult result = Run(scratch, ["unit", .. s_search, "2", "--steps", "0", "--json"]).AssertDone();

        Assert.Contains("all of it was there", result.Error);
        JsonElement label = LabelOf(result.Json);
        Dictionary<string, string> row = Row(scratch, 2);
        Assert.AreEqual("features.4", label.GetProperty("layer").GetString());
        Assert.AreEqual(row["label"], label.GetProperty("label").GetString());
        Assert.AreEqual(row["category"], label.GetProperty("category").GetString());
        foreach (string number in new[] { "iou", "ceiling", "p", "p_place", "q_bh" })
        {
            Assert.AreEqual(double.Parse(row[number], CultureInfo.InvariantCulture), label.GetProperty(number).GetDouble(), number);
        }

        string text = System.Net.WebUtility.HtmlDecode(File.ReadAllText(page));
        Assert.Contains($"<dd>{row["label"]} ({row["category"]})</dd>", text);
        Assert.Contains(Convert.ToBase64String(File.ReadAllBytes(scratch["out", "dissection", "features.4", "units", "2.png"])), text);
        Assert.Contains("dissected</dt><dd>features.4, with generated patterns", text);
        Assert.DoesNotContain("{{", text);
        Assert.Contains(
            $"{row["label"]} ({row["category"]}), IoU", Run(scratch, ["unit", .. s_search, "2", "--steps", "0"]).AssertDone().Out);
    }

    [TestMethod]
    public void TopImages_HaveColumnsOfLabels()
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePngs(scratch["photos"], 3);
        Assert.DoesNotContain("LABEL", Run(scratch, ["top-images", .. s_search, "0-2"]).AssertDone().Out);
        string sheet = scratch["out", "features.3-examples", "1", "sheet.png"];
        DateTime made = File.GetLastWriteTimeUtc(sheet);
        Dissect(scratch);

        CliResult result = Run(scratch, ["top-images", .. s_search, "0-2"]).AssertDone();

        Assert.Contains("all of it was there", result.Error);
        Assert.AreEqual(made, File.GetLastWriteTimeUtc(sheet));
        string csv = File.ReadAllText(scratch["out", "features.3-examples", "top-images.csv"]);
        string[][] lines = [.. CsvReader.Rows(csv).Select(r => r.ToArray())];
        CollectionAssert.AreEqual(new[] { "crop", "label", "category", "iou", "p" }, lines[0][^5..]);
        for (int k = 0; k < 3; k++)
        {
            Dictionary<string, string> row = Row(scratch, k);
            CollectionAssert.AreEqual(
                new[] { row["label"], row["category"], row["iou"], row["p"] }, lines.First(l => l[0] == $"{k}")[^4..]);
            Assert.Contains(row["label"], result.Out);
        }

        Assert.AreEqual(result.Out, Run(scratch, ["top-images", .. s_search, "0-2"]).AssertDone().Out);
    }

    [TestMethod]
    public void AGallery_NamesWhatChannelsStandFor()
    {
        using var scratch = new TemporaryFolder();
        Dissect(scratch);

        Run(scratch, ["gallery", "--layer", "features.3", "--channels", "0-1", "--steps", "4"], images: false).AssertDone();

        string page = System.Net.WebUtility.HtmlDecode(File.ReadAllText(scratch["out", "gallery.html"]));
        for (int k = 0; k < 2; k++)
        {
            Assert.Contains($"<dt>stands for</dt><dd>{Row(scratch, k)["label"]} (", page);
        }
    }

    [TestMethod]
    public void AReportAboutAUnit_NamesWhatItStandsFor()
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePngs(scratch["photos"], 3);
        Dissect(scratch);

        CliRunner.Run([
            "saliency", scratch["photos", "00.png"], "--method", "vanilla", "--unit", "features.3:1", "--report",
            "--model", TinyModel.Folder, "--out", scratch["out"]]).AssertDone();

        Assert.Contains($"features.3:1; by its dissection {Row(scratch, 1)["label"]} (", File.ReadAllText(scratch["out", "report.html"]));
    }

    /// <summary>A table that is not the one whose checksum the manifest has, and the dissection of another model, are named and not used.
    /// </summary>
    [TestMethod]
    public void WhatIsNotWhole_IsNotShown()
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePngs(scratch["photos"], 3);
        Dissect(scratch);
        string folder = scratch["out", "dissection", "features.4"], table = Path.Combine(folder, "units.csv");
        string manifest = File.ReadAllText(Path.Combine(folder, "manifest.json"));
        File.AppendAllText(table, "99,0,zebra\n");
        Check("units.csv is not as 'dissect' wrote it");

        Dissect(scratch);
        string hash = JsonDocument.Parse(manifest).RootElement.GetProperty("model_hash").GetString()!;
        manifest = manifest.Replace(hash, new string('0', hash.Length), StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(folder, "manifest.json"), manifest);
        Check("is about features.4 of another model");

        File.WriteAllText(Path.Combine(folder, "manifest.json"), "{}");
        Check("");

        void Check(string note)
        {
            CliResult result = Run(scratch, ["top-images", .. s_search, "2"]).AssertDone();
            Assert.Contains(note, result.Error);
            Assert.DoesNotContain("LABEL", result.Out);
        }
    }

    [TestMethod]
    public void CsvReader_ReadsWhatCsvTableWrites()
    {
        string[][] rows = [["a", "b,c", "d\"e\"", "f\ng", ""], ["", "", "", "", "x"], ["1", "2", "3", "4", "5"]];
        var table = new CsvTable();
        foreach (string[] row in rows)
        {
            table.Add(row);
        }

        string[][] read = [.. CsvReader.Rows(table.ToString()).Select(r => r.ToArray())];
        Assert.HasCount(3, read);
        for (int i = 0; i < 3; i++)
        {
            CollectionAssert.AreEqual(rows[i], read[i]);
        }

        CollectionAssert.AreEqual(new[] { "p", "q" }, CsvReader.Rows("p,\"q").Single().ToArray());
        Assert.IsEmpty(CsvReader.Rows(""));
    }

    /// <summary>Puts a dissection there that is made once for all tests.</summary>
    private static void Dissect(TemporaryFolder scratch)
    {
        string from = s_made.Value["out"];
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string to = scratch["out", Path.GetRelativePath(from, file)];
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to, overwrite: true);
        }
    }

    private static TemporaryFolder Made()
    {
        var made = new TemporaryFolder();
        Run(
            made,
            ["dissect", "--layer", "features.4", "--channel", "0-2", "--permutations", "9", "--count", "2", "--label-size", "16"],
            images: false).AssertDone();
        return made;
    }

    private static CliResult Run(TemporaryFolder scratch, string[] args, bool images = true) => CliRunner.Run(
        [
            .. args, "--model", TinyModel.Folder, "--out", scratch["out"],
            .. images ? ["--images", scratch["photos"]] : Array.Empty<string>(),
        ]);

    private static JsonElement LabelOf(JsonElement unit) => unit.GetProperty("examples").GetProperty("units")[0].GetProperty("label");

    private static Dictionary<string, string> Row(TemporaryFolder scratch, int channel)
    {
        IReadOnlyList<string>[] rows = [.. CsvReader.Rows(File.ReadAllText(scratch["out", "dissection", "features.4", "units.csv"]))];
        return rows[0].Zip(rows.Single(r => r[0] == $"{channel}")).ToDictionary(c => c.First, c => c.Second);
    }
}
