using System.Text.Json;
using Interp.Cli;
using Interp.Cli.Output;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Tensors;
using Interp.Tests.Cli.Support;
using Interp.Tests.Support;
using Interp.Tests.Weights;

namespace Interp.Tests.Cli.Commands;

[TestClass]
public sealed class AttackCommandTests
{
    private static readonly string[] s_model = ["--model", TinyModel.Folder, "--threads", "1"];

    [TestMethod]
    [DataRow("network")]
    [DataRow("file")]
    public void Success_IsWhatPredictSaysOfTheSavedFile(string surface)
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePngs(scratch["photos"], 4);

        JsonElement json = Attack(
            scratch["photos"], scratch["out"], "--method", "fgsm,pgd,deepfool", "--epsilon", "6/255", "--surface", surface, "--json").Json;

        JsonElement[] results = [.. json.GetProperty("results").EnumerateArray()];
        Assert.HasCount(12, results);
        int successes = 0;
        foreach (JsonElement result in results)
        {
            JsonElement m = result.GetProperty("manifest");
            string folder = result.GetProperty("folder").GetString()!;
            string file = Path.Combine(folder, "adversarial.png");
            JsonElement top = CliRunner.Run(["predict", file, "--json", "--top", "1", .. s_model]).Json[0].GetProperty("top")[0];
            AssertSame(m.GetProperty("after")[0], top);
            bool misled = top.GetProperty("class").GetInt32() != m.GetProperty("from").GetProperty("class").GetInt32();
            Assert.AreEqual(misled, m.GetProperty("success").GetBoolean());
            successes += misled ? 1 : 0;

            RgbImage clean = ImageFile.Read(Path.Combine(folder, "original.png")),
                saved = ImageFile.Read(file);
            (Shape shape, float[] change) = Npy.Read(Path.Combine(folder, "perturbation.npy"));
            Assert.AreEqual(surface == "file" ? (40, 36) : (32, 32), (saved.Width, saved.Height));
            Assert.AreEqual(new Shape(3, saved.Height, saved.Width), shape);
            int plane = saved.Width * saved.Height;
            for (int i = 0; i < change.Length; i++)
            {
                int at = (3 * (i % plane)) + (i / plane);
                Assert.AreEqual((saved.Pixels[at] - clean.Pixels[at]) / 255f, change[i]);
            }

            double most = change.Max(Math.Abs), l2 = Math.Sqrt(change.Sum(d => (double)d * d));
            Assert.AreEqual(most, m.GetProperty("distances").GetProperty("linf").GetDouble(), 1e-7, "float32");
            Assert.AreEqual(l2, m.GetProperty("distances").GetProperty("l2").GetDouble(), 1e-5, "float32");
            Assert.IsTrue(m.GetProperty("method").GetString() == "deepfool" || most <= (6 / 255.0) + 1e-7);
            Assert.AreEqual(m.GetProperty("steps").GetInt32(), File.ReadLines(Path.Combine(folder, "curve.csv")).Count() - 1);
        }

        Assert.IsGreaterThan(8, successes, "of 12");
        JsonElement deepfool = json.GetProperty("rates").EnumerateArray().Single(r => r.GetProperty("method").GetString() == "deepfool");
        Assert.AreEqual(JsonValueKind.Null, deepfool.GetProperty("epsilon").ValueKind);
        Assert.AreEqual(4, deepfool.GetProperty("noise").GetProperty("of").GetInt32());
    }

    [TestMethod]
    public void ANetworksInput_SaysSoInItsFile_AndIsTakenAsItIsUnlessToldOtherwise()
    {
        using var scratch = new TemporaryFolder();
        string image = TestImages.WritePng(scratch["a.png"], 3);
        Attack(image, scratch["out"], "--method", "fgsm", "--report");
        string saved = scratch["out", "a", "fgsm", "adversarial.png"];

        byte[] png = File.ReadAllBytes(saved);
        (string type, byte[] data) = PngChunks.Read(png)[1];
        CliResult asItIs = CliRunner.Run(["predict", saved, .. s_model]);
        CliResult prepared = CliRunner.Run(["predict", saved, "--prepared", "false", .. s_model]);
        CliResult forced = CliRunner.Run(["predict", image, "--prepared", .. s_model]);

        Assert.AreEqual("tEXt", type);
        Assert.AreEqual("interp:prepared\032x32", System.Text.Encoding.ASCII.GetString(data));
        Assert.Contains("taken as it is; --prepared false prepares it", asItIs.Error);
        Assert.AreEqual("", prepared.Error);
        Assert.AreNotEqual(asItIs.Out, prepared.Out);
        forced.AssertFailed(ExitCodes.Usage, "36x40", "--prepared", "32x32");
        string page = File.ReadAllText(scratch["out", "attack.html"]);
        Assert.Contains($"data:image/png;base64,{Convert.ToBase64String(png)}", page, "the page holds the file itself");
        Assert.DoesNotContain("image/jpeg", page);
    }

    [TestMethod]
    public void Targets_AreThoseOfTheCleanImagesAnswer()
    {
        using var scratch = new TemporaryFolder();
        string image = TestImages.WritePng(scratch["a.png"], 3);
        int[] order = [.. CliRunner.Run(["predict", image, "--top", "10", "--json", .. s_model]).Json[0].GetProperty("top").EnumerateArray()
            .Select(c => c.GetProperty("class").GetInt32())];

        int Target(string target) => Attack(
                image, scratch["out"], "--method", "pgd", "--epsilon", "32/255", "--target", target, "--json").Json
            .GetProperty("results")[0].GetProperty("manifest").GetProperty("target").GetProperty("class").GetInt32();

        Assert.AreEqual(order[1], Target("second"));
        Assert.AreEqual(order[^1], Target("least-likely"));
        Assert.AreNotEqual(order[0], Target("random"));
        Assert.AreEqual(Target("random"), Target("RANDOM"));
        Assert.AreEqual(order[3], Target(TinyModel.Labels[order[3]]));
    }

    [TestMethod]
    public void OffTheLattice_TheClaimIsKeptApart_AndRoundingDecides()
    {
        using var scratch = new TemporaryFolder();
        string image = TestImages.WritePng(scratch["a.png"], 3);

        JsonElement m = Attack(image, scratch["out"], "--method", "fgsm", "--epsilon", "0.4/255", "--lattice", "false", "--json").Json
            .GetProperty("results")[0].GetProperty("manifest");

        Assert.AreEqual(0.4 / 255, m.GetProperty("claimed_distance").GetDouble(), 1e-6, "float32");
        Assert.AreEqual(0, m.GetProperty("distances").GetProperty("linf").GetDouble(), "rounding takes all of it back");
        Assert.IsFalse(m.GetProperty("success").GetBoolean());
        (Shape shape, float[] levels) = Npy.Read(scratch["out", "a", "fgsm", "adversarial.npy"]);
        Assert.AreEqual(new Shape(3, 32, 32), shape);
        Assert.IsTrue(levels.Any(v => (255 * v) % 1 is > 0.1f and < 0.9f));
    }

    [TestMethod]
    public void SameCommand_IsKept_OtherSettingsAreMadeAnew_AndThreadsChangeNothing()
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePngs(scratch["photos"], 2);
        string[] files = ["adversarial.png", "perturbation.npy", "difference.png", "curve.csv"];
        byte[][] Bytes(string root) => [.. files.Select(f => File.ReadAllBytes(scratch[root, "01", "pgd", f]))];

        Attack(scratch["photos"], scratch["out"], "--method", "pgd");
        byte[][] first = Bytes("out");
        CliResult again = Attack(scratch["photos"], scratch["out"], "--method", "pgd");
        CliResult other = Attack(scratch["photos"], scratch["out"], "--method", "pgd", "--epsilon", "2/255");
        CliRunner.Run(
            "attack", scratch["photos"], "--method", "pgd", "--out", scratch["two"], "--model", TinyModel.Folder, "--threads", "2")
            .AssertDone();

        Assert.Contains("2 of 2 results were there from the same settings", again.Error);
        Assert.DoesNotContain("were there", other.Error);
        for (int i = 0; i < files.Length; i++)
        {
            CollectionAssert.AreEqual(first[i], Bytes("two")[i], files[i]);
        }
    }

    [TestMethod]
    public void Cancelled_KeepsWhatItHas_AndGoesOn()
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePngs(scratch["photos"], 4);
        File.WriteAllText(scratch["photos", "02-bad.png"], "no image"); // Its error message is what the run is cancelled at.
        string[] args = ["attack", scratch["photos"], "--method", "fgsm", "--out", scratch["out"], .. s_model];

        CliResult stopped = CliRunner.RunUntil("02-bad.png", args);
        CliResult resumed = CliRunner.Run(args);

        Assert.AreEqual(ExitCodes.Cancelled, stopped.ExitCode, stopped.Error);
        Assert.Contains("01.png", stopped.Out);
        Assert.DoesNotContain("03.png", stopped.Out);
        Assert.AreEqual(ExitCodes.Usage, resumed.ExitCode, "a file cannot be read");
        Assert.Contains("2 of 4 results were there from the same settings", resumed.Error);
    }

    [TestMethod]
    [DataRow("grey")]
    [DataRow("oblong")]
    public void OtherShapes_WorkOnBothSurfaces(string shape)
    {
        using var scratch = new TemporaryFolder();
        Network network = shape == "grey" ? ShapeNets.Grey() : ShapeNets.Oblong();
        string model = ModelFolders.Write(scratch["model"], network), image = TestImages.WritePng(scratch["a.png"], 1);
        foreach (string surface in (string[])["network", "file"])
        {
            JsonElement m = CliRunner.Run(
                "attack", image, "--model", model, "--method", "pgd", "--epsilon", "16/255", "--surface", surface, "--explain", "gradcam",
                "--json", "--out", scratch[surface]).AssertDone().Json.GetProperty("results")[0].GetProperty("manifest");
            RgbImage saved = ImageFile.Read(scratch[surface, "a", "pgd", "adversarial.png"]);
            (int, int) size = surface == "file" ? (40, 36) : (network.Preprocessing.Width, network.Preprocessing.Height);
            Assert.AreEqual(size, (saved.Width, saved.Height));
            Assert.AreEqual(new Shape(3, saved.Height, saved.Width), Npy.Read(scratch[surface, "a", "pgd", "perturbation.npy"]).Shape);
            JsonElement top = CliRunner.Run("predict", scratch[surface, "a", "pgd", "adversarial.png"], "--model", model, "--json").Json[0];
            AssertSame(m.GetProperty("after")[0], top.GetProperty("top")[0]);
            Assert.IsGreaterThan(0, m.GetProperty("units").GetArrayLength());
        }
    }

    [TestMethod]
    public void Impossible_IsRefusedInOneLine()
    {
        using var scratch = new TemporaryFolder();
        string image = TestImages.WritePng(scratch["a.png"], 3), npy = TestImages.WriteNpy(scratch["x.npy"], 3, 32, 32);
        int top = CliRunner.Run(["predict", image, "--top", "1", "--json", .. s_model]).Json[0].GetProperty("top")[0].GetProperty("class")
            .GetInt32();

        Refused(["expected a number above 0", "--epsilon"], image, "--method", "pgd", "--epsilon", "0");
        Refused(["--epsilon 0.5/255", "at least 1/255", "--lattice false"], image, "--method", "pgd", "--epsilon", "0.5/255");
        Refused(["--epsilon 1.5/255", "give 1/255"], image, "--method", "pgd", "--epsilon", "1.5/255");
        Refused(["--epsilon and --minimal"], image, "--method", "deepfool", "--epsilon", "1/255", "--minimal");
        Refused(["--minimal: pgd seeks an image within a distance", "deepfool"], image, "--method", "pgd", "--minimal");
        Refused(["no class is called 'nothing'"], image, "--method", "pgd", "--target", "nothing");
        Refused([$"--target {top}", "attacked from"], image, "--method", "pgd", "--target", $"{top}");
        Refused(["--steps is no option of fgsm"], image, "--method", "fgsm", "--steps", "3");
        Refused(["unknown attack 'magic'"], image, "--method", "magic");
        Refused(["its true class is not known"], image, "--method", "fgsm", "--class", "true");
        Refused(["x.npy", "give the image file"], npy, "--method", "fgsm");
        Refused(["run it alone"], image, "--method", "fgsm,universal");
        Refused(["one norm"], image, "--method", "pgd,deepfool", "--curve");
        CliRunner.Run("attack", image, "--method", "fgsm", "--model", ModelFolders.Write(scratch["maps"], ShapeNets.Maps()))
            .AssertFailed(ExitCodes.Usage, "maps has no classes");

        void Refused(string[] parts, params string[] args) =>
            CliRunner.Run(["attack", .. args, "--out", scratch["out"], .. s_model]).AssertFailed(ExitCodes.Usage, parts);
    }

    [TestMethod]
    public void Images_ThatAreWrongAlready_AreReportedApart()
    {
        using var scratch = new TemporaryFolder();
        string image = TestImages.WritePng(scratch["a.png"], 3);
        int top = CliRunner.Run(["predict", image, "--top", "1", "--json", .. s_model]).Json[0].GetProperty("top")[0].GetProperty("class")
            .GetInt32();

        CliResult result = Attack(image, scratch["out"], "--method", "pgd", "--class", $"{(top + 1) % 10}", "--json");

        JsonElement m = result.Json.GetProperty("results")[0].GetProperty("manifest"), rate = result.Json.GetProperty("rates")[0];
        Assert.IsTrue(m.GetProperty("misclassified").GetBoolean());
        Assert.AreEqual(0, m.GetProperty("distances").GetProperty("l0").GetDouble());
        Assert.AreEqual(JsonValueKind.Null, rate.GetProperty("success").ValueKind);
        Assert.AreEqual(1, rate.GetProperty("misclassified").GetInt32());
        Assert.Contains("1 of 1 images were classified otherwise before anything was done", result.Error);
    }

    private static void AssertSame(JsonElement expected, JsonElement actual)
    {
        foreach (string field in (string[])["class", "label", "logit", "probability"])
        {
            Assert.AreEqual(expected.GetProperty(field).GetRawText(), actual.GetProperty(field).GetRawText(), field);
        }
    }

    internal static CliResult Attack(string images, string folder, params string[] args) =>
        CliRunner.Run(["attack", images, "--out", folder, .. args, .. s_model]).AssertDone();
}
