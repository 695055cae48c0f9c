using System.Globalization;
using System.Text.Json;
using Interp.Cli;
using Interp.Engine.Imaging;
using Interp.Engine.Tensors;
using Interp.Tests.Cli.Support;
using Interp.Tests.Support;

namespace Interp.Tests.Cli.Commands;

[TestClass]
public sealed class DissectCommandTests
{
    private static readonly string[] s_files =
        ["bars.png", "bars.svg", "concepts.csv", "index.html", "iou.npy", "manifest.json", "summary.json", "thresholds.npy", "units.csv"];

    [TestMethod]
    public void Dissect_WritesTheContractsFiles()
    {
        using var scratch = new TemporaryFolder();
        Labels(scratch);

        JsonElement summaries = Dissect(scratch, "--layer", "features.1,features.4", "--json").AssertDone().Json;

        Assert.AreEqual(2, summaries.GetArrayLength());
        foreach ((string layer, int channels) in new[] { ("features.1", 6), ("features.4", 8) })
        {
            string folder = scratch["out", "dissection", layer];
            CollectionAssert.AreEquivalent(s_files, Directory.GetFiles(folder).Select(Path.GetFileName).ToArray());
            string[] units = File.ReadAllLines(Path.Combine(folder, "units.csv"));
            string[] concepts = File.ReadAllLines(Path.Combine(folder, "concepts.csv"));
            StringAssert.StartsWith(
                units[0], "channel,threshold,label,category,iou,ceiling,precision,recall,lift,p,p_place,q_bh,images,");
            Assert.HasCount(channels + 1, units);
            Assert.HasCount(3, concepts);
            (Shape shape, float[] iou) = Npy.Read(Path.Combine(folder, "iou.npy"));
            Assert.AreEqual(new Shape(channels, 2), shape);
            string[] names = [.. concepts.Skip(1).Select(l => l.Split(',')[0])];
            foreach (string[] cells in units.Skip(1).Select(l => l.Split(',')).Where(c => c[2].Length > 0))
            {
                float best = iou.AsSpan(2 * int.Parse(cells[0], CultureInfo.InvariantCulture), 2)[Array.IndexOf(names, cells[2])];
                Assert.AreEqual(best, float.Parse(cells[4], CultureInfo.InvariantCulture), 1e-6f);
                Assert.AreEqual("", cells[10], "a label of a whole image has no place");
                Assert.AreEqual("8", cells[12]);
            }

            JsonElement summary = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "summary.json"))).RootElement;
            foreach (string name in new[] { "detectors", "expected_by_chance", "significant", "unique" })
            {
                Assert.AreEqual(JsonValueKind.Number, summary.GetProperty(name).ValueKind, name);
            }

            Assert.AreEqual(units.Skip(1).Count(l => l.Split(',')[13] == "1"), summary.GetProperty("detectors").GetInt32());
            Assert.IsNotEmpty(Directory.GetFiles(Path.Combine(folder, "units"), "*.png"));
            Assert.AreEqual(new Shape(channels), Npy.Read(Path.Combine(folder, "thresholds.npy")).Shape);
            StringAssert.Contains(File.ReadAllText(Path.Combine(folder, "index.html")), "img-src 'self' file:");
        }

        Assert.IsTrue(File.Exists(scratch["out", "dissection", "layers.svg"]));
        Assert.IsFalse(File.Exists(scratch["out", "dissection", "progress.bin"]));
    }

    [TestMethod]
    public void Dissect_Again_TakesWhatIsThere_AndMakesOnlyWhatIsMissing()
    {
        using var scratch = new TemporaryFolder();
        Labels(scratch);
        string first = Dissect(scratch, "--layer", "features.1", "--json").AssertDone().Json[0].GetRawText();
        DateTime written = File.GetLastWriteTimeUtc(scratch["out", "dissection", "features.1", "iou.npy"]);

        CliResult again = Dissect(scratch, "--layer", "features.1,features.4", "--json").AssertDone();

        StringAssert.Contains(again.Error, "1 of 2 layers were there from the same settings");
        Assert.AreEqual(first, again.Json[0].GetRawText());
        Assert.AreEqual(written, File.GetLastWriteTimeUtc(scratch["out", "dissection", "features.1", "iou.npy"]));
    }

    [TestMethod]
    public void Dissect_WithImagesApart_FindsThem_AndDoesNotTakeOtherImagesForThem()
    {
        using var scratch = new TemporaryFolder();
        foreach (string folder in new[] { "photos", "others" })
        {
            for (int i = 0; i < 6; i++)
            {
                TestImages.WritePng(scratch[folder, $"{i}.png"], (ulong)(i + folder.Length));
                Directory.CreateDirectory(scratch["labels", "labels"]);
                File.WriteAllText(scratch["labels", "labels", $"{i}.txt"], "0 0 0 0.5 0 0.5 1 0 1\n");
            }
        }

        File.WriteAllText(scratch["labels", "classes.txt"], "left\n");
        string[] args = ["--layer", "features.1", "--json", "--images"];

        Assert.AreEqual(6, Dissect(scratch, [.. args, scratch["photos"]]).AssertDone().Json[0].GetProperty("images").GetInt32());
        StringAssert.Contains(Dissect(scratch, [.. args, scratch["others"]]).AssertDone().Error, "it is replaced");
        CliResult again = Dissect(scratch, [.. args, scratch["others"]]).AssertDone();
        StringAssert.Contains(again.Error, "1 of 1 layers were there");
        CliRunner.Run("dissect", "--model", TinyModel.Folder, "--layer", "features.1", "--images", scratch["photos"], "--out", scratch["o"])
            .AssertFailed(ExitCodes.Usage, "patterns are generated");
    }

    [TestMethod]
    public void Dissect_AtAnyThreadCountAndBatch_WritesTheSameBytes()
    {
        using var scratch = new TemporaryFolder();
        Labels(scratch);
        Dissect(scratch, "--layer", "features.1,features.4", "--threads", "1", "--batch", "3").AssertDone();
        Directory.Move(scratch["out"], scratch["first"]);
        Dissect(scratch, "--layer", "features.1,features.4", "--threads", "2", "--max-memory", "2M").AssertDone();

        string[] files = TemporaryFolder.FilesBelow(scratch["out"]);
        CollectionAssert.AreEqual(TemporaryFolder.FilesBelow(scratch["first"]), files);
        foreach (string file in files.Where(f => !f.EndsWith("manifest.json", StringComparison.Ordinal)))
        {
            CollectionAssert.AreEqual(File.ReadAllBytes(scratch["first", file]), File.ReadAllBytes(scratch["out", file]), file);
        }
    }

    [TestMethod]
    public void Dissect_WithABadImage_SaysSoAndGoesOn()
    {
        using var scratch = new TemporaryFolder();
        Labels(scratch);
        File.WriteAllText(scratch["labels", "noise", "bad.png"], "no image");

        CliResult result = Dissect(scratch, "--layer", "features.1", "--json");

        Assert.AreEqual(ExitCodes.Usage, result.ExitCode);
        StringAssert.Contains(result.Error, "bad.png");
        Assert.AreEqual(1, result.Json[0].GetProperty("skipped").GetInt32());
        Assert.AreEqual(16, result.Json[0].GetProperty("images").GetInt32());
    }

    [TestMethod]
    public void Dissect_OfWhatCannotBeDissected_IsRefusedInOneLine()
    {
        using var scratch = new TemporaryFolder();
        Labels(scratch);

        Dissect(scratch, "--quiet", "--layer", "input").AssertFailed(ExitCodes.Usage, "that is the image itself");
        Dissect(scratch, "--quiet", "--layer", "features.1", "--channel", "6").AssertFailed(ExitCodes.Usage, "--channel");
        Dissect(scratch, "--quiet", "--layer", "features.1", "--min-images", "50")
            .AssertFailed(ExitCodes.Usage, "none of 2 concepts", "50 images");
        CliRunner.Run("dissect", "--model", TinyModel.Folder, "--layer", "features.1", "--labels", scratch["none"], "--out", scratch["out"])
            .AssertFailed(ExitCodes.Usage, "none");
        Assert.IsFalse(Directory.Exists(scratch["out", "dissection", "features.1"]));
    }

    [TestMethod]
    public void Ablate_WritesRanksAndCurves()
    {
        using var scratch = new TemporaryFolder();
        Labels(scratch);
        for (int i = 0; i < 4; i++)
        {
            TestImages.WritePng(scratch["classes", "zebra", $"{i}.png"], (ulong)i);
            TestImages.WritePng(scratch["classes", "corn", $"{i}.png"], (ulong)(10 + i));
        }

        CliResult result = Dissect(scratch, "--layer", "features.4", "--ablate", scratch["classes"]).AssertDone();

        string folder = scratch["out", "dissection", "features.4", "ablation"];
        string[] units = File.ReadAllLines(Path.Combine(folder, "units.csv"));
        string[] curves = File.ReadAllLines(Path.Combine(folder, "curves.csv"));
        Assert.HasCount(1 + (2 * 8), units);
        Assert.HasCount(1 + (2 * 4), curves, "1, 2, 4 and 8 of 8 units");
        CollectionAssert.AreEquivalent(
            Enumerable.Range(0, 8).ToArray(),
            units.Skip(1).Take(8).Select(l => int.Parse(l.Split(',')[3], CultureInfo.InvariantCulture)).ToArray());
        string[] all = curves[4].Split(',');
        Assert.AreEqual(all[4], all[5], "without all units it does not matter which are the important ones");
        StringAssert.Contains(result.Out, "zebra");
        StringAssert.StartsWith(File.ReadAllText(Path.Combine(folder, "curves.svg")), "<svg");

        Directory.CreateDirectory(scratch["classes", "no such class"]);
        TestImages.WritePng(scratch["classes", "no such class", "0.png"]);
        Dissect(scratch, "--layer", "features.4", "--ablate", scratch["classes"]).AssertFailed(ExitCodes.Usage, "no such class");
    }

    /// <summary>Eight images each of noise and of stripes, 40×36 pixels.</summary>
    private static void Labels(TemporaryFolder scratch)
    {
        for (int i = 0; i < 8; i++)
        {
            TestImages.WritePng(scratch["labels", "noise", $"{i}.png"], (ulong)i);
            Directory.CreateDirectory(scratch["labels", "stripes"]);
            int period = 3 + (i % 4);
            byte[] pixels = [.. Enumerable.Range(0, 40 * 36 * 3).Select(p => (byte)(p / 3 % 40 / period % 2 == 0 ? 30 * i : 255))];
            using FileStream file = File.Create(scratch["labels", "stripes", $"{i}.png"]);
            ImageFile.WritePng(file, new RgbImage(40, 36, pixels));
        }
    }

    private static CliResult Dissect(TemporaryFolder scratch, params string[] args) => CliRunner.Run([
        "dissect", "--model", TinyModel.Folder, "--labels", scratch["labels"], "--out", scratch["out"], "--permutations", "50",
        "--quantile", "0.02", "--label-size", "16", "--count", "2", .. args]);
}
