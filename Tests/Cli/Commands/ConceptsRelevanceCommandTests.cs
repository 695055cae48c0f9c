using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Interp.Cli;
using Interp.Engine.Attribution;
using Interp.Engine.Concepts.Relevance;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Tensors;
using Interp.Tests.Cli.Support;
using Interp.Tests.Support;
using Interp.Weights;

namespace Interp.Tests.Cli.Commands;

[TestClass]
public sealed class ConceptsRelevanceCommandTests
{
    private const string Folder = "relevance-features.3";

    [TestMethod]
    public void Files_AreWhatTheLibraryFinds()
    {
        using var scratch = new TemporaryFolder();
        string image = TestImages.WritePng(scratch["cat.png"]);

        JsonElement m = Relevance(scratch, image, "--top", "3", "--class", "zebra", "--json").AssertDone().Json[0];

        Network network = ModelStore.Load(TinyModel.Folder);
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var explainer = new Explainer(network, backend);
        ImageRelevance found = new ConceptRelevance(explainer, network.Find("features.3"))
            .Explain(NetworkInput.Read(image, network)[0], new ClassTarget(network.Labels.Find("zebra")));
        JsonElement[] channels = [.. m.GetProperty("channels").EnumerateArray()];
        CollectionAssert.AreEqual(
            found.Channels.Ranking.Take(3).ToArray(), channels.Select(c => c.GetProperty("channel").GetInt32()).ToArray());
        int first = found.Channels.Ranking[0];
        Assert.AreEqual(found.Channels.Sums[first], channels[0].GetProperty("relevance").GetDouble());
        Assert.AreEqual(found.Channels.Share(first), channels[0].GetProperty("share").GetDouble());
        TensorAssert.SameBits(
            found.Maps([[first]])[0], Npy.Read(scratch["out", "cat", Folder, $"{first}", "attribution.npy"]).Values, "the channel's map");
        Assert.IsLessThan(1e-5, m.GetProperty("residual").GetDouble());
        Assert.AreEqual(8, m.GetProperty("other_classes").GetProperty("classes").GetArrayLength());
        Assert.AreEqual(9 / 8.0, m.GetProperty("other_classes").GetProperty("chance").GetDouble(), 1e-12, "t²/C");
        string[] each = ["attribution.npy", "heatmap.png", "overlay.png"];
        string[] folders = ["layer", .. found.Channels.Ranking.Take(3).Select(k => $"{k}")];
        string[] expected = [.. from folder in folders from f in each select $"{folder}/{f}", "channels.csv", "index.html", "manifest.json",
            "sheet.png"];
        CollectionAssert.AreEqual(
            expected.Order(StringComparer.Ordinal).ToArray(), TemporaryFolder.FilesBelow(scratch["out", "cat", Folder]));
        Assert.HasCount(9, File.ReadAllLines(scratch["out", "cat", Folder, "channels.csv"]), "a header and eight channels");
    }

    [TestMethod]
    public void Photos_AreCountedByTheirOwnClass_AndTheImageItselfIsLeftOut()
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePngs(scratch["photos"], 7);
        string image = scratch["photos", "00.png"];
        File.WriteAllText(scratch["photos", "bad.png"], "no image");
        CliResult result = Relevance(scratch, image, "--top", "2", "--count", "2", "--images", scratch["photos"], "--json");

        Assert.AreEqual(ExitCodes.Usage, result.ExitCode, "a photo could not be read");
        Assert.Contains("bad.png", result.Error);
        JsonElement photos = result.Json[0].GetProperty("photos");
        Assert.AreEqual(6, photos.GetProperty("count").GetInt32());
        Assert.AreEqual(6, photos.GetProperty("same").GetInt32() + photos.GetProperty("others").GetInt32());
        Assert.AreEqual(0.5, photos.GetProperty("chance").GetDouble(), 1e-12, "t²/C");
        foreach (JsonElement channel in result.Json[0].GetProperty("channels").EnumerateArray())
        {
            foreach (string kind in (string[])["relevant", "exciting"])
            {
                double[] values = [.. channel.GetProperty(kind).EnumerateArray().Select(r => r.GetProperty("value").GetDouble())];
                Assert.HasCount(2, values);
                Assert.IsGreaterThanOrEqualTo(values[1], values[0]);
                Assert.IsFalse(channel.GetProperty(kind).EnumerateArray().Any(r => r.GetProperty("image").GetString() == image));
                Assert.IsTrue(File.Exists(scratch["out", "00", Folder, $"{channel.GetProperty("channel").GetInt32()}", $"{kind}-1.png"]));
            }
        }
    }

    [TestMethod]
    public void SecondRun_TakesWhatIsThere_UnlessSettingsChange_AndThreadsDoNot()
    {
        using var scratch = new TemporaryFolder();
        string image = TestImages.WritePng(scratch["cat.png"]);
        string first = Relevance(scratch, image, "--top", "2", "--threads", "1").AssertDone().Out;
        byte[] map = File.ReadAllBytes(scratch["out", "cat", Folder, "layer", "attribution.npy"]);

        CliResult second = Relevance(scratch, image, "--top", "2", "--threads", "2").AssertDone();

        Assert.AreEqual(first, second.Out);
        Assert.Contains("1 of 1 results were there", second.Error);
        File.Delete(scratch["out", "cat", Folder, "sheet.png"]);
        Assert.DoesNotContain("were there", Relevance(scratch, image, "--top", "2", "--threads", "2").AssertDone().Error);
        CollectionAssert.AreEqual(map, File.ReadAllBytes(scratch["out", "cat", Folder, "layer", "attribution.npy"]), "at any threads");
        Assert.Contains("it is replaced", Relevance(scratch, image, "--top", "2", "--composite", "epsilon").AssertDone().Error);
    }

    [TestMethod]
    public void Dissection_OfTheSameModel_NamesTheChannels()
    {
        using var scratch = new TemporaryFolder();
        string image = TestImages.WritePng(scratch["cat.png"]), folder = scratch["out", "dissection", "features.3"];
        Directory.CreateDirectory(folder);
        string table = string.Join('\n', ["channel,label,category,iou,ceiling,p,p_place,q_bh,detector,significant,remark",
            .. Enumerable.Range(0, 8).Select(k => $"{k},\"dots, {k}\",texture,0.25,0.5,0.01,0.5,0.02,1,{(k == 3 ? 0 : 1)},")]);
        File.WriteAllText(Path.Combine(folder, "units.csv"), table);
        void Manifest(string model) => File.WriteAllText(Path.Combine(folder, "manifest.json"), $$"""
            { "model_hash": "{{model}}", "summary": { "layer": "features.3", "labels": "patterns" },
              "sha256": { "units.csv": "{{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(table)))}}" } }
            """);
        Manifest(ModelStore.Load(TinyModel.Folder).Hash);

        JsonElement m = Relevance(scratch, image, "--json").AssertDone().Json[0];

        foreach (JsonElement c in m.GetProperty("channels").EnumerateArray())
        {
            Assert.AreEqual($"dots, {c.GetProperty("channel").GetInt32()}", c.GetProperty("concept").GetProperty("label").GetString());
        }

        Assert.Contains("dots, 3 (texture), IoU 0.25, p 0.01, not significant", Relevance(scratch, image).AssertDone().Out);
        Manifest("other");
        CliResult other = Relevance(scratch, image).AssertDone();
        Assert.Contains("of another model", other.Error);
        Assert.DoesNotContain("dots", other.Out);
    }

    [TestMethod]
    [DataRow(ExitCodes.Usage, "no layer", "--layer", "nowhere")]
    [DataRow(ExitCodes.Usage, "the image itself", "--layer", "input")]
    [DataRow(ExitCodes.Usage, "the output itself", "--layer", "classifier.3")]
    [DataRow(ExitCodes.Usage, "composite", "--layer", "features.3", "--composite", "nothing")]
    [DataRow(ExitCodes.Usage, "error: layer features.3: the channel features.0:1 does not depend on it", "--layer", "features.3",
        "--unit", "features.0:1")]
    [DataRow(ExitCodes.Usage, "unicorn", "--layer", "features.3", "--class", "unicorn")]
    [DataRow(ExitCodes.Usage, "--top", "--layer", "features.3", "--top", "0")]
    public void Nonsense_IsOneLine(int code, string words, params string[] options)
    {
        using var scratch = new TemporaryFolder();

        CliRunner.Run(["concepts", "relevance", TestImages.WritePng(scratch["a.png"]), .. options, "--model", TinyModel.Folder, "--out",
            scratch["out"]]).AssertFailed(code, words);

        Assert.IsFalse(Directory.Exists(scratch["out"]), "nothing is written");
    }

    [TestMethod]
    public void Photos_OfWhichNoneIsAnother_AreSaidToCompareNothing()
    {
        using var scratch = new TemporaryFolder();
        string image = TestImages.WritePng(scratch["photos", "a.png"]);

        Assert.Contains("nothing was compared", Relevance(scratch, image, "--images", scratch["photos"]).AssertDone().Error);
    }

    [TestMethod]
    public void Out_ThatIsAFile_IsSaidBeforeThePhotosAreRead()
    {
        using var scratch = new TemporaryFolder();
        string image = TestImages.WritePng(scratch["a.png"]);
        Directory.CreateDirectory(scratch["photos"]);
        File.WriteAllText(scratch["photos", "broken.png"], "no image");
        File.WriteAllText(scratch["out"], "");

        CliResult result = Relevance(scratch, image, "--images", scratch["photos"]);

        result.AssertFailed(ExitCodes.Output, "cannot be written");
        Assert.DoesNotContain("broken.png", result.Error);
    }

    private static CliResult Relevance(TemporaryFolder scratch, string image, params string[] args) =>
        CliRunner.Run(
        ["concepts", "relevance", image, "--layer", "features.3", .. args, "--model", TinyModel.Folder, "--out", scratch["out"]]);
}
