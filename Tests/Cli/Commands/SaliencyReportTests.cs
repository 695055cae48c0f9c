using System.IO.Compression;
using System.Text.Json;
using System.Text.RegularExpressions;
using Interp.Cli;
using Interp.Engine.Tensors;
using Interp.Tests.Cli.Support;
using Interp.Tests.Support;

namespace Interp.Tests.Cli.Commands;

[TestClass]
public sealed partial class SaliencyReportTests
{
    [TestMethod]
    public void Report_OfAFolder_IsOneFileThatNeedsNothingElse()
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePng(scratch["photos", "a.png"], 1);
        TestImages.WritePng(scratch["photos", "b.png"], 2);

        string page = Report(scratch, scratch["photos"], "--method", "vanilla,grad-x-input,gradcam,occlusion", "--evidence", "false");

        Assert.DoesNotMatchRegex(Addresses(), page);
        Assert.Contains("default-src 'none'", page);
        JsonElement data = Data(page);
        Assert.AreEqual(2, data.GetProperty("images").GetArrayLength());
        Assert.AreEqual(4, data.GetProperty("methods").GetArrayLength());
        Assert.AreEqual(8, data.GetProperty("maps").GetArrayLength());
        Assert.HasCount(2, Images().Matches(page));
        CollectionAssert.AreEqual((string[])["strength", "signed", "map", "signed"],
            Maps(data).Take(4).Select(m => m.GetProperty("look").GetString()).ToArray());
        Assert.AreEqual(5, data.GetProperty("images")[0].GetProperty("top").GetArrayLength());
        Assert.IsEmpty(Directory.GetFiles(scratch["out"], "report-*"));
    }

    [TestMethod]
    public void Report_LargerThanItMayBe_GoesOnInOtherFiles()
    {
        using var scratch = new TemporaryFolder();
        string[] images = [.. Enumerable.Range(0, 3).Select(i => TestImages.WritePng(scratch["photos", $"{i}.png"], (ulong)i))];
        string[] args = [.. images, "--method", "gradcam", "--evidence", "false"];

        JsonElement first = Data(Report(scratch, [.. args, "--report-size", "14K"])); // One map and its image take 6.7 KiB at most.

        Assert.AreEqual(2, first.GetProperty("images").GetArrayLength());
        CollectionAssert.AreEqual((string[])["report.html", "report-2.html"],
            first.GetProperty("pages").EnumerateArray().Select(p => p.GetProperty("file").GetString()).ToArray());
        JsonElement second = Data(File.ReadAllText(scratch["out", "report-2.html"]));
        Assert.AreEqual("2", second.GetProperty("images")[0].GetProperty("name").GetString());
        Report(scratch, args);
        Assert.IsEmpty(Directory.GetFiles(scratch["out"], "report-*"), "a smaller report leaves nothing of a larger one");
    }

    [TestMethod]
    public void Report_HoldsTheMapWithinHalfAStep()
    {
        using var scratch = new TemporaryFolder();

        string page = Report(scratch, TestImages.WritePng(scratch["a.png"]), "--method", "occlusion", "--evidence", "false");

        JsonElement map = Maps(Data(page)).Single();
        float[] values = Npy.Read(scratch["out", "a", "occlusion", "attribution.npy"]).Values;
        double step = map.GetProperty("step").GetDouble();
        Assert.AreEqual(values.Max(Math.Abs), map.GetProperty("max").GetDouble());
        short[] steps = Decode(page, map);
        for (int i = 0; i < values.Length; i++)
        {
            Assert.AreEqual(values[i], steps[i] * step, step * 0.5001, "rounded to the nearest step");
        }
    }

    [TestMethod]
    public void Evidence_IsMeasuredUnlessSwitchedOff()
    {
        using var scratch = new TemporaryFolder();
        string image = TestImages.WritePng(scratch["a.png"]);

        JsonElement data = Data(Report(scratch, image, "--method", "vanilla", "--curve-steps", "3"));

        string[] measured = [.. data.GetProperty("columns").EnumerateArray().Select(c => c.GetProperty("name").GetString()!)];
        CollectionAssert.IsSubsetOf((string[])["deletion", "insertion", "sparseness"], measured);
        Assert.AreEqual(3 + (2 * 2) + (4 * 2), Maps(data).Single().GetProperty("manifest").GetProperty("evidence_passes").GetInt32(),
            "the image and what replaces it, two images inside of two curves, and of those of four baselines");
        CollectionAssert.AreEquivalent(measured,
            Maps(data).Single().GetProperty("manifest").GetProperty("evidence").EnumerateObject().Select(e => e.Name).ToArray());
        Assert.AreEqual(0,
            Data(Report(scratch, image, "--method", "vanilla", "--evidence", "false")).GetProperty("columns").GetArrayLength());
    }

    [TestMethod]
    public void HostileName_DoesNotBecomeMarkup()
    {
        using var scratch = new TemporaryFolder();
        string image = TestImages.WritePng(scratch["\"><img src=x onerror=alert(1)><!--{{data}}.png"]);

        string page = Report(scratch, image, "--method", "gradcam", "--evidence", "false");

        Assert.DoesNotContain("<img src=x", page);
        Assert.HasCount(1, Images().Matches(page));
        Assert.Contains("<img src=x", Data(page).GetProperty("images")[0].GetProperty("name").GetString()!);
    }

    [TestMethod]
    public void Report_OfResultsThatWereThere_IsTheSame()
    {
        using var scratch = new TemporaryFolder();
        string image = TestImages.WritePng(scratch["a.png"]);
        string[] args = [image, "--method", "vanilla,gradcam", "--evidence", "false"];

        string first = Report(scratch, args);

        Assert.AreEqual(first, Report(scratch, args));
    }

    private static string Report(TemporaryFolder scratch, params string[] args)
    {
        CliRunner.Run(["saliency", .. args, "--report", "--model", TinyModel.Folder, "--out", scratch["out"]]).AssertDone();
        return File.ReadAllText(scratch["out", "report.html"]);
    }

    private static JsonElement Data(string page) =>
        JsonDocument.Parse(
        Regex.Match(page, "<script type=\"application/json\" id=\"data\">(.*?)</script>",
        RegexOptions.Singleline).Groups[1].Value).RootElement;

    private static JsonElement[] Maps(JsonElement data) => [.. data.GetProperty("maps").EnumerateArray()];

    /// <summary>As the page's script does it.</summary>
    private static short[] Decode(string page, JsonElement map)
    {
        string text = Regex.Match(page, $"id=\"{map.GetProperty("id").GetString()}\">([^<]*)<").Groups[1].Value;
        using var gzip = new GZipStream(new MemoryStream(Convert.FromBase64String(text)), CompressionMode.Decompress);
        using var raw = new MemoryStream();
        gzip.CopyTo(raw);
        byte[] bytes = raw.ToArray();
        var steps = new short[bytes.Length / 2];
        short last = 0;
        for (int i = 0; i < steps.Length; i++)
        {
            steps[i] = last = (short)(last + (bytes[i] | (bytes[steps.Length + i] << 8)));
        }

        return steps;
    }

    [GeneratedRegex("(https?:)?//[a-z0-9-]+\\.[a-z]|@import|url\\(", RegexOptions.IgnoreCase)]
    private static partial Regex Addresses();

    [GeneratedRegex("<img data-image=\"\\d+\" alt=\"[^\"<>]+\" src=\"data:image/png;base64,[A-Za-z0-9+/=]+\">")]
    private static partial Regex Images();
}
