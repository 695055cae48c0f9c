using System.Buffers.Binary;
using System.Text.Json;
using System.Text.RegularExpressions;
using Interp.Engine.Imaging;
using Interp.Engine.Tensors;
using Interp.Tests.Cli.Support;
using Interp.Tests.Support;

namespace Interp.Tests.Cli.Html;

[TestClass]
public sealed partial class HtmlReportTests
{
    [TestMethod]
    public void Report_HoldsEveryMapOfEveryPicture_AndLoadsNothing()
    {
        using var scratch = new TemporaryFolder();
        string[] images = [TestPictures.WritePng(scratch["cat.png"], 1), TestPictures.WritePng(scratch["dog.png"], 2)];

        string page = Report(scratch, [.. images, "--method", "vanilla,gradcam,lrp"]);

        JsonElement[] shown = [.. Data(page).GetProperty("images").EnumerateArray()];
        CollectionAssert.AreEqual((string[])["cat", "dog"], shown.Select(i => i.GetProperty("name").GetString()).ToArray());
        foreach (JsonElement image in shown)
        {
            Assert.HasCount(3, image.GetProperty("maps").EnumerateArray().ToArray());
            Assert.HasCount(5, image.GetProperty("top").EnumerateArray().ToArray());
            Assert.StartsWith("data:image/png;base64,", image.GetProperty("input").GetString()!);
        }

        Assert.IsFalse(Address().IsMatch(page), "addresses are data only");
        Assert.IsFalse(page.Contains("{{", StringComparison.Ordinal), "every place is filled");
    }

    [TestMethod]
    [DataRow("vanilla", false)]
    [DataRow("grad-x-input", true)]
    [DataRow("gradcam", false)]
    public void Map_IsTheReducedPlaneWithin16Bits(string method, bool isSum)
    {
        using var scratch = new TemporaryFolder();

        string page = Report(scratch, TestPictures.WritePng(scratch["cat.png"]), "--method", method, "--evidence", "false");

        JsonElement map = Data(page).GetProperty("images")[0].GetProperty("maps")[0];
        (Shape shape, float[] values) = Npy.Read(scratch["out", "cat", method, "attribution.npy"]);
        float[] plane = shape[0] == 1 ? values : (isSum ? ChannelReduction.Sum : ChannelReduction.MaxAbs).Apply(values, 3);
        byte[] bytes = Convert.FromBase64String(map.GetProperty("data").GetString()!);
        double unit = map.GetProperty("unit").GetDouble();
        Assert.HasCount(2 * plane.Length, bytes);
        for (int i = 0; i < plane.Length; i++)
        {
            Assert.AreEqual(plane[i], unit * BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(2 * i)), 0.51 * unit, "half a step of 16 bits");
        }

        Assert.HasCount(0, map.GetProperty("evidence").EnumerateArray().ToArray());
    }

    [TestMethod]
    public void Evidence_IsThereUnlessSwitchedOff()
    {
        using var scratch = new TemporaryFolder();

        string page = Report(scratch, TestPictures.WritePng(scratch["cat.png"]), "--method", "vanilla", "--metrics", "deletion,sparseness", "--curve-steps", "3");

        string?[] names = [.. Data(page).GetProperty("images")[0].GetProperty("maps")[0].GetProperty("evidence").EnumerateArray().Select(e => e.GetProperty("name").GetString())];
        CollectionAssert.AreEqual((string[])["deletion", "sparseness"], names);
    }

    [TestMethod]
    public void HostileName_EndsNoElement()
    {
        using var scratch = new TemporaryFolder();
        string name = "a<script>alert(1)<" + "!--&\"'.png";

        string page = Report(scratch, TestPictures.WritePng(scratch[name]), "--method", "vanilla", "--evidence", "false");

        Assert.AreEqual(Path.GetFileNameWithoutExtension(name), Data(page).GetProperty("images")[0].GetProperty("name").GetString());
        Assert.DoesNotContain("alert(1)<", page);
    }

    [TestMethod]
    public void SecondRun_GivesTheSamePage()
    {
        using var scratch = new TemporaryFolder();
        string image = TestPictures.WritePng(scratch["cat.png"]);

        Assert.AreEqual(Report(scratch, image, "--method", "vanilla,occlusion"), Report(scratch, image, "--method", "vanilla,occlusion"));
    }

    private static string Report(TemporaryFolder scratch, params string[] args)
    {
        CliRunner.Run(["saliency", .. args, "--report", "--model", TinyModel.Folder, "--out", scratch["out"]]).AssertDone();
        return File.ReadAllText(scratch["out", "report.html"]);
    }

    private static JsonElement Data(string page) => JsonDocument.Parse(Block().Match(page).Groups[1].Value).RootElement;

    [GeneratedRegex("""<script type="application/json" id="data">(.*?)</script>""", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("""(https?:|(src|href)\s*=\s*["'](?!data:|#))""", RegexOptions.IgnoreCase)]
    private static partial Regex Address();
}
