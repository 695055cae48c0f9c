using System.Globalization;
using System.Text.Json;
using Interp.Cli.Output;
using Interp.Tests.Cli.Support;
using Interp.Tests.Support;

namespace Interp.Tests.Cli.Commands;

/// <summary>Every number of a table has the very digits that stand in the result's own file, which the tests read in a way of their
/// own.</summary>
[TestClass]
public sealed class TableNumbersTests
{
    [TestMethod]
    [DataRow("saliency", "ranges", 4 * 4)]
    [DataRow("saliency", "methods", 2)]
    [DataRow("gallery", "units", 3 * 3)]
    [DataRow("classes", "classes", 3 * 2)]
    [DataRow("top-images", "examples", 2 * 3)]
    [DataRow("concepts discover", "discovered", 2)]
    [DataRow("concepts relevance", "channels", 8)]
    public void Numbers_OfAManifest_AreItsOwn(string command, string recipe, int least)
    {
        JsonElement table = Table(command, "--recipe", recipe);
        int seen = 0;
        foreach ((JsonElement cell, string number) in Numbers(table))
        {
            string manifest = File.ReadAllText(Path.Combine(cell.GetProperty("result").GetString()!, "manifest.json"));
            string path = cell.GetProperty("cell").GetString()!["number:".Length..];
            string field = path.EndsWith("quantiles.0.5", StringComparison.Ordinal) ? "0.5" : path.Split('.')[^1];
            Assert.Contains($"\"{field}\": {number}", manifest, $"{recipe}: {cell}");
            seen++;
        }

        Assert.IsGreaterThanOrEqualTo(least, seen, recipe);
    }

    [TestMethod]
    public void Numbers_OfSaliency_StandInTheRowAndColumnOfTheirManifest()
    {
        JsonElement table = Table("saliency", "--rows", "photo", "--columns", "method", "--cell", "number:score,number:raw_max");
        foreach (JsonElement row in table.GetProperty("table").EnumerateArray())
        {
            string name = Path.GetFileNameWithoutExtension(row.GetProperty("row").GetProperty("photo").GetString()!);
            foreach (JsonElement cell in row.GetProperty("cells").EnumerateArray())
            {
                string method = cell.GetProperty("column").GetString()!;
                JsonElement manifest = Manifest(TinyResults.Of("saliency"), name, method);
                string field = cell.GetProperty("cell").GetString() == "number:score" ? "score" : "raw_max";
                Assert.AreEqual(manifest.GetProperty(field).GetRawText(), cell.GetProperty("number").GetRawText(), $"{name} {method}");
            }
        }

        Assert.AreEqual(2, table.GetProperty("table").GetArrayLength());
    }

    [TestMethod]
    [DataRow("features.1", 6)]
    [DataRow("features.4", 8)]
    public void Numbers_OfADissection_AreThoseOfItsTableOfUnits(string layer, int channels)
    {
        string[][] lines = Lines(Path.Combine(TinyResults.Of("dissect"), "dissection", layer, "units.csv"));
        JsonElement[] rows = [.. Table("dissect", "--where", $"layer={layer}", "--cell", "number:iou,number:ceiling,number:p,text:label")
            .GetProperty("table").EnumerateArray()];
        Assert.HasCount(channels, rows);
        for (int k = 0; k < channels; k++)
        {
            Assert.AreEqual($"{k}", rows[k].GetProperty("row").GetProperty("channel").GetRawText());
            JsonElement[] cells = [.. rows[k].GetProperty("cells").EnumerateArray()];
            foreach ((int cell, string column) in (ReadOnlySpan<(int, string)>)[(0, "iou"), (1, "ceiling"), (2, "p")])
            {
                string expected = lines[k + 1][Array.IndexOf(lines[0], column)];
                string found = cells[cell].TryGetProperty("number", out JsonElement n) ? n.GetRawText() : "";
                Assert.AreEqual(expected, found, $"{layer}:{k} {column}");
            }
        }
    }

    [TestMethod]
    public void Numbers_OfAConceptTest_AreThoseOfItsScores()
    {
        string[][] lines = Lines(Directory.GetFiles(TinyResults.Of("concepts test"), "scores.csv", SearchOption.AllDirectories).Single());
        JsonElement table = Table("concepts test", "--rows", "concept", "--columns", "class", "--cell",
            "number:score,number:p_corrected");
        int seen = 0;
        foreach (JsonElement row in table.GetProperty("table").EnumerateArray())
        {
            foreach (JsonElement cell in row.GetProperty("cells").EnumerateArray())
            {
                string[] line = lines.Single(l => l[0] == row.GetProperty("row").GetProperty("concept").GetString()
                    && l[1] == cell.GetProperty("column").GetString());
                string column = cell.GetProperty("cell").GetString()!["number:".Length..];
                Assert.AreEqual(line[Array.IndexOf(lines[0], column)], cell.GetProperty("number").GetRawText());
                seen++;
            }
        }

        Assert.AreEqual(2 * 2 * 2, seen);
    }

    [TestMethod]
    public void Numbers_OfAnEvaluation_AreItsMeans()
    {
        JsonElement file = JsonDocument.Parse(File.ReadAllText(Path.Combine(TinyResults.Of("evaluate"), "evaluation.json"))).RootElement;
        JsonElement table = Table("evaluate");
        int seen = 0;
        foreach (JsonElement row in table.GetProperty("table").EnumerateArray())
        {
            JsonElement method = file.GetProperty("methods").EnumerateArray()
                .Single(m => m.GetProperty("method").GetString() == row.GetProperty("row").GetProperty("method").GetString());
            foreach (JsonElement cell in row.GetProperty("cells").EnumerateArray().Skip(1))
            {
                string column = cell.GetProperty("column").GetString()!;
                JsonElement mean = method.GetProperty("columns").GetProperty(column).GetProperty("value");
                Assert.AreEqual(mean.GetRawText(), cell.GetProperty("number").GetRawText());
                seen++;
            }
        }

        Assert.IsGreaterThanOrEqualTo(2 * 5, seen);
    }

    [TestMethod]
    public void Numbers_OfAUnitsRemoval_AreItsManifests()
    {
        JsonElement manifest = JsonDocument.Parse(File.ReadAllText(
            Directory.GetFiles(TinyResults.Of("unit"), "manifest.json", SearchOption.AllDirectories)
                .Single(f => f.Contains("-unit", StringComparison.Ordinal)))).RootElement;
        JsonElement[] cells = [.. Table("unit", "--recipe", "removal").GetProperty("table")[0].GetProperty("cells").EnumerateArray()];
        JsonElement removal = manifest.GetProperty("removal");
        Assert.AreEqual(
            $"{removal.GetProperty("changed").GetRawText()} of {removal.GetProperty("images").GetRawText()}",
                cells[1].GetProperty("text").GetString());
        Assert.AreEqual(removal.GetProperty("top_drop").GetRawText(), cells[2].GetProperty("number").GetRawText());
        Assert.AreEqual(removal.GetProperty("fallen")[0].GetProperty("change").GetRawText(), cells[4].GetProperty("number").GetRawText());
    }

    [TestMethod]
    public void Numbers_OfEveryFormat_AreTheSame()
    {
        using var scratch = new TemporaryFolder();
        string score = Manifest(TinyResults.Of("saliency"), "00", "gradcam").GetProperty("score").GetRawText();
        CliResult result = CliRunner.Run("table", TinyResults.Of("saliency"), "--recipe", "ranges", "--format", "html,md,csv", "--out",
            scratch["t"]).AssertDone();
        Assert.Contains(score, result.Out);
        Assert.Contains($"<td class=\"number\"><span>{score}</span></td>", File.ReadAllText(scratch["t", "table.html"]));
        Assert.Contains($" | {score} | ", File.ReadAllText(scratch["t", "table.md"]));
        Assert.Contains($",{score},", File.ReadAllText(scratch["t", "table.csv"]));
    }

    [TestMethod]
    public void Digits_RoundWhatPeopleReadAndNothingElse()
    {
        using var scratch = new TemporaryFolder();
        string score = Manifest(TinyResults.Of("saliency"), "00", "gradcam").GetProperty("score").GetRawText();
        string rounded = double.Parse(score, CultureInfo.InvariantCulture).ToString("G3",
            CultureInfo.InvariantCulture);
        string[] args = ["table", TinyResults.Of("saliency"), "--recipe", "ranges", "--digits", "3", "--format", "html,md,csv",
            "--out", scratch["t"]];
        Assert.Contains(rounded, CliRunner.Run(args).AssertDone().Out);
        Assert.Contains($"<span title=\"{score}\">{rounded}</span>", File.ReadAllText(scratch["t", "table.html"]));
        Assert.Contains($" | {rounded} | ", File.ReadAllText(scratch["t", "table.md"]));
        Assert.Contains($",{score},", File.ReadAllText(scratch["t", "table.csv"]));
        Assert.Contains(score, CliRunner.Run([.. args, "--json"]).AssertDone().Out);
    }

    [TestMethod]
    public void Numbers_OfARealRun_AreItsManifests()
    {
        using var scratch = new TemporaryFolder();
        CliRunner.Run("saliency", Repository.PathOf("Cli/photos/chelsea.png"), "--method", "gradcam", "--out", scratch["r"]).AssertDone();
        JsonElement manifest = Manifest(scratch["r"], "chelsea", "gradcam");
        JsonElement table = CliRunner.Run("table", scratch["r"], "--recipe", "ranges", "--out", scratch["t"], "--json").AssertDone().Json;
        string[] fields = ["score", "raw_min", "raw_max", "time_ms"];
        CollectionAssert.AreEqual(
            fields.Select(f => manifest.GetProperty(f).GetRawText()).ToArray(), Numbers(table).Select(n => n.Number).ToArray());
        Assert.AreEqual("30 tabby", table.GetProperty("table")[0].GetProperty("cells")[0].GetProperty("text").GetString());
    }

    private static JsonElement Table(string command, params string[] args)
    {
        using var scratch = new TemporaryFolder();
        return CliRunner.Run(["table", TinyResults.Of(command), .. args, "--json", "--out", scratch["t"]]).AssertDone().Json;
    }

    private static IEnumerable<(JsonElement Cell, string Number)> Numbers(JsonElement table) =>
        from row in table.GetProperty("table").EnumerateArray()
        from cell in row.GetProperty("cells").EnumerateArray()
        where cell.TryGetProperty("number", out _)
        select (cell, cell.GetProperty("number").GetRawText());

    private static JsonElement Manifest(params string[] folder) =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine([.. folder, "manifest.json"]))).RootElement;

    private static string[][] Lines(string csv) => [.. CsvReader.Rows(File.ReadAllText(csv)).Select(r => r.ToArray())];
}
