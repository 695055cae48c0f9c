using System.Globalization;
using System.Text.Json;
using Interp.Cli;
using Interp.Cli.Output;
using Interp.Cli.Tables;
using Interp.Cli.Tables.Reading;
using Interp.Engine.Imaging;
using Interp.Tests.Cli.Support;
using Interp.Tests.Support;

namespace Interp.Tests.Cli.Commands;

/// <summary>What tables show: rows, columns, cells, and what is guessed of them.</summary>
[TestClass]
public sealed class TableCommandTests
{
    [TestMethod]
    [DataRow("saliency", "methods", "image", "method", 2)]
    [DataRow("gallery", "units", "unit", "", 3)]
    [DataRow("classes", "classes", "explained", "", 3)]
    [DataRow("dissect", "concept-units", "layer,channel", "", 14)]
    [DataRow("top-images", "examples", "layer,channel", "", 2)]
    [DataRow("concepts test", "concepts", "concept", "layer,label", 2)]
    [DataRow("concepts discover", "discovered", "label,concept", "", 2)]
    [DataRow("concepts relevance", "channels", "image,rank,channel", "", 8)]
    [DataRow("evaluate", "metrics", "method", "", 5)]
    public void Guess_IsSaid(string command, string recipe, string rows, string columns, int count)
    {
        using var scratch = new TemporaryFolder();
        CliResult result = Table(scratch, command, "--json").AssertDone();
        Assert.Contains($"note: guessed: --recipe {recipe}, which is ", result.Error);
        Assert.AreEqual(rows, string.Join(',', result.Json.GetProperty("rows").EnumerateArray()));
        Assert.AreEqual(columns, string.Join(',', result.Json.GetProperty("columns").EnumerateArray()));
        Assert.AreEqual(count, result.Json.GetProperty("table").GetArrayLength());
        Assert.AreEqual("", string.Join("; ", result.Json.GetProperty("missing").EnumerateArray().Where(m => !$"{m}".Contains("no p"))));
        Assert.IsTrue(File.Exists(scratch["t", "table.html"]));
    }

    [TestMethod]
    public void Recipes_AreTheOptionsThatTheyName()
    {
        foreach (TableRecipe recipe in TableRecipe.All)
        {
            Assert.IsNotEmpty(FieldName.Parse(recipe.Rows), recipe.Name);
            Assert.IsNotEmpty(CellSpec.Parse("--cell", [recipe.Cells]), recipe.Name);
            Assert.IsTrue(ResultKind.All.Any(k => k.Name == recipe.Kind), recipe.Name);
        }

        using var scratch = new TemporaryFolder();
        string recipeJson = Table(scratch, "saliency", "--recipe", "ranges", "--json").AssertDone().Out;
        TableRecipe ranges = TableRecipe.All.Find("ranges");
        string same = Table(scratch, "saliency", "--rows", ranges.Rows, "--cell", ranges.Cells, "--title", ranges.Title,
            "--json").AssertDone().Out;
        Assert.AreEqual(recipeJson, same);
    }

    [TestMethod]
    public void Columns_TakeTheOrderOfWhere()
    {
        using var scratch = new TemporaryFolder();
        string[] columns = [.. Csv(scratch, "saliency", "--where", "method=vanilla,gradcam")[0]];
        CollectionAssert.AreEqual((string[])["image", "as the network saw it", "explained", "probability", "vanilla", "gradcam"],
            columns);
        columns = [.. Csv(scratch, "saliency", "--where", "method=gradcam", "--where", "image=01.png")[0]];
        Assert.AreEqual("gradcam", columns[^1]);
        Assert.HasCount(2, Csv(scratch, "saliency", "--where", "image=01.png"));
    }

    [TestMethod]
    public void Sort_OrdersRowsByNumber_AndCountTakesTheFirst()
    {
        using var scratch = new TemporaryFolder();
        string[][] rows = Csv(scratch, "dissect", "--where", "layer=features.4", "--cell", "number:iou", "--sort", "iou:down");
        double[] ious = [.. rows.Skip(1).Select(r => double.Parse(r[2], CultureInfo.InvariantCulture))];
        CollectionAssert.AreEqual(ious.OrderDescending().ToArray(), ious);
        string[][] three = Csv(scratch, "dissect", "--where", "layer=features.4", "--cell", "number:iou", "--sort", "iou:down",
            "--count", "3");
        Assert.HasCount(4, three);
        Assert.AreEqual(string.Join(' ', rows[3]), string.Join(' ', three[3]));
    }

    [TestMethod]
    public void Source_IsFoundByTheFields()
    {
        using var scratch = new TemporaryFolder();
        foreach ((string each, string rows, string cell) in (ReadOnlySpan<(string, string, string)>)[
            ("units.most", "channel,rank", "number:value"), ("units", "channel", "number:statistics.maximum"), ("manifest", "layer",
                "number:count")])
        {
            JsonElement json = Table(scratch, "top-images", "--rows", rows, "--cell", cell, "--json").AssertDone().Json;
            Assert.AreEqual(each, json.GetProperty("each").GetString());
        }
    }

    [TestMethod]
    public void Missing_CellsAreEmptyAndListed()
    {
        using var scratch = new TemporaryFolder();
        TinyResults.Copy("saliency", scratch["r"]);
        Directory.Delete(scratch["r", "01", "vanilla"], recursive: true);
        CliResult result = CliRunner.Run("table", scratch["r"], "--out", scratch["t"], "--format", "csv,md,html,png").AssertDone();
        Assert.Contains("note: empty: 01.png, vanilla: no result", result.Error);
        Assert.EndsWith(",", File.ReadAllLines(scratch["t", "table.csv"])[2]);
        Assert.Contains("<li>01.png, vanilla: no result</li>", File.ReadAllText(scratch["t", "table.html"]));
        JsonElement json = CliRunner.Run("table", scratch["r"], "--out", scratch["t"], "--json").AssertDone().Json;
        Assert.AreEqual("01.png, vanilla: no result", json.GetProperty("missing")[0].GetString());
    }

    [TestMethod]
    public void Several_ResultsOfOneCell_AreSaid()
    {
        using var scratch = new TemporaryFolder();
        string image = TestImages.WritePng(scratch["a.png"]);
        foreach (string c in (string[])["zebra", "bee"])
        {
            CliRunner.Run("saliency", image, "--class", c, "--method", "vanilla", "--model", TinyModel.Folder, "--out", scratch["r",
                c]).AssertDone();
        }

        CliResult result = CliRunner.Run("table", scratch["r"], "--cell", "number:score", "--out", scratch["t"]).AssertDone();
        Assert.Contains("several results that differ fall on one cell", result.Error);
        Assert.Contains("with label tells them apart (--rows image,label)", result.Error);
        result = CliRunner.Run("table", scratch["r"], "--rows", "image,label", "--columns", "method", "--cell", "number:score",
            "--out", scratch["t"]);
        Assert.DoesNotContain("several results", result.AssertDone().Error);
    }

    [TestMethod]
    public void Png_HasTheImagesOfTheResults()
    {
        using var scratch = new TemporaryFolder();
        Table(scratch, "saliency", "--rows", "photo", "--columns", "method", "--cell", "image:overlay", "--format", "png", "--side",
            "32").AssertDone();
        RgbImage sheet = ImageFile.Read(scratch["t", "table.png"]);
        RgbImage overlay = ImageFile.Read(Path.Combine(TinyResults.Of("saliency"), "01", "vanilla", "overlay.png"));
        Assert.AreEqual(32, overlay.Width);
        Assert.IsTrue(Holds(sheet, overlay), "an image at its own size stands in the sheet as it is");
        byte[] first = File.ReadAllBytes(scratch["t", "table.png"]);
        Table(scratch, "saliency", "--rows", "photo", "--columns", "method", "--cell", "image:overlay", "--format", "png", "--side",
            "32").AssertDone();
        CollectionAssert.AreEqual(first, File.ReadAllBytes(scratch["t", "table.png"]));
    }

    [TestMethod]
    public void Tiles_HoldEveryImageAndNumber()
    {
        using var scratch = new TemporaryFolder();
        Table(scratch, "gallery", "--tiles", "2", "--format", "html,md,png,csv").AssertDone();
        string html = File.ReadAllText(scratch["t", "table.html"]), md = File.ReadAllText(scratch["t", "table.md"]);
        Assert.AreEqual(3, html.Split("<img").Length - 1);
        Assert.AreEqual(2, html.Split("<tr>").Length - 2, "three tiles in rows of two");
        foreach (string cell in Csv(scratch, "gallery")[3].Where(c => !c.EndsWith("png", StringComparison.Ordinal)))
        {
            Assert.Contains(cell, html);
            Assert.Contains(cell.Replace("_", "\\_", StringComparison.Ordinal), md);
        }
    }

    [TestMethod]
    public void Fields_AreListedWithAValueOfEach()
    {
        using var scratch = new TemporaryFolder();
        CliResult result = Table(scratch, "dissect", "--fields").AssertDone();
        Assert.MatchesRegex(@"dissect\s+manifest\s+summary.detectors\s+\d", result.Out);
        Assert.MatchesRegex(@"dissect\s+units.csv\s+iou\s+\d", result.Out);
        Assert.IsFalse(Directory.Exists(scratch["t"]), "nothing is written");
        Assert.IsGreaterThan(20, Table(scratch, "saliency", "--fields", "--json").AssertDone().Json.GetArrayLength());
    }

    [TestMethod]
    public void Out_IsAFileOrAFolder()
    {
        using var scratch = new TemporaryFolder();
        CliRunner.Run("table", TinyResults.Of("saliency"), "--out", scratch["x.md"]).AssertDone();
        CliRunner.Run("table", TinyResults.Of("saliency"), "--out", scratch["d"], "--format", "csv,png").AssertDone();
        CliRunner.Run("table", TinyResults.Of("saliency"), "--out", scratch["y.html"], "--format", "csv").AssertDone();
        CollectionAssert.AreEqual((string[])["d", "d/table.csv", "d/table.png", "x.md", "y.csv"], scratch.Everything());
    }

    [TestMethod]
    public void Use_ThatIsWrong_IsOneLine()
    {
        using var scratch = new TemporaryFolder();
        string results = TinyResults.Of("saliency");
        (string[] Args, string[] Parts)[] cases =
        [
            (["--rows", "imag", "--cell", "number:score"], ["--rows imag: no result has such a field, did you mean 'image'?",
                "--fields"]),
            (["--cell", "number:scor"], ["--cell scor", "did you mean 'score'?"]),
            (["--cell", "score"], ["--cell 'score': expected image:NAME, number:FIELD or text:FIELD"]),
            (["--cell", "image:nothing"], ["--cell nothing: no result has such a field"]),
            (["--cell", "number:evidence.*"], ["--cell evidence.*"]),
            (["--recipe", "units"], ["--recipe units is about results of 'visualize', found: 4 results of saliency"]),
            (["--where", "method=lrp"], ["--where method=lrp: no result has it; there are gradcam, vanilla"]),
            (["--where", "method"], ["--where 'method': expected FIELD=VALUE"]),
            (["--sort", "nothing"], ["--sort nothing"]),
            (["--format", "pdf"], ["--format 'pdf': expected one of html, md, csv, png"]),
            (["--each", "nothing"], ["--each 'nothing': expected one of manifest, top"]),
        ];
        foreach ((string[] args, string[] parts) in cases)
        {
            CliRunner.Run(["table", results, "--quiet", "--out", scratch["t"], .. args]).AssertFailed(ExitCodes.Usage, parts);
        }

        CliRunner.Run("table", scratch["none"]).AssertFailed(ExitCodes.Usage, "no such folder");
        CliRunner.Run("table", TestImages.WritePng(scratch["a.png"])).AssertFailed(ExitCodes.Usage, "is a file, expected a folder");
        CliRunner.Run("table", results, "--quiet", "--out", scratch.Unwritable()).AssertFailed(ExitCodes.Output, "--out");
        Assert.IsFalse(Directory.Exists(scratch["t"]));
    }

    private static CliResult Table(TemporaryFolder scratch, string command, params string[] args) =>
        CliRunner.Run(["table", TinyResults.Of(command), "--out", scratch["t"], .. args]);

    private static string[][] Csv(TemporaryFolder scratch, string command, params string[] args)
    {
        Table(scratch, command, ["--format", "csv", .. args]).AssertDone();
        return [.. CsvReader.Rows(File.ReadAllText(scratch["t", "table.csv"])).Select(r => r.ToArray())];
    }

    private static bool Holds(RgbImage sheet, RgbImage part)
    {
        for (int y = 0; y + part.Height <= sheet.Height; y++)
        {
            for (int x = 0; x + part.Width <= sheet.Width; x++)
            {
                int line = 0;
                while (line < part.Height && sheet.Pixels.AsSpan(3 * (((y + line) * sheet.Width) + x), 3 * part.Width)
                    .SequenceEqual(part.Pixels.AsSpan(3 * line * part.Width, 3 * part.Width)))
                {
                    line++;
                }

                if (line == part.Height)
                {
                    return true;
                }
            }
        }

        return false;
    }
}
