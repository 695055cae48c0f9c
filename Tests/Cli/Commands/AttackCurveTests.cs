using System.Text.Json;
using Interp.Engine.Imaging;
using Interp.Engine.Tensors;
using Interp.Tests.Cli.Support;
using Interp.Tests.Support;
using static Interp.Tests.Cli.Commands.AttackCommandTests;

namespace Interp.Tests.Cli.Commands;

/// <summary>Attacks on many images: the curve, other models, the universal perturbation, the page.</summary>
[TestClass]
public sealed class AttackCurveTests
{
    [TestMethod]
    public void Curve_OnlyFalls_AgreesWithTheAttacksThemselves_AndGoesOn()
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePngs(scratch["photos"], 5);
        string[] args = [
            "--method", "fgsm,pgd", "--curve", "--epsilons", "0.4/255,1/255,2/255,4/255,8/255", "--epsilon", "1/255", "--json"];

        JsonElement json = Attack(scratch["photos"], scratch["out"], args).Json;
        CliResult again = Attack(scratch["photos"], scratch["out"], args);

        JsonElement curve = json.GetProperty("curve");
        JsonElement[] lines = [.. curve.GetProperty("curves").EnumerateArray()];
        CollectionAssert.AreEqual(
            (string[])["fgsm", "pgd", "all attacks"], lines.Select(l => l.GetProperty("attack").GetString()).ToArray());
        CollectionAssert.AreEqual(
            (bool[])[true, false, false, false, false],
            curve.GetProperty("epsilons").EnumerateArray().Select(e => e.GetProperty("off_lattice").GetBoolean()).ToArray());
        int[][] counts = [.. lines.Select(
            l => l.GetProperty("robust").EnumerateArray().Select(r => r.GetProperty("count").GetInt32()).ToArray())];
        for (int e = 2; e < 5; e++)
        {
            Assert.IsTrue(counts.All(c => c[e] <= c[e - 1]), $"distance {e}");
            Assert.IsTrue(counts[2][e] <= Math.Min(counts[0][e], counts[1][e]));
        }

        foreach ((JsonElement rate, int[] count) in json.GetProperty("rates").EnumerateArray().Zip(counts))
        {
            Assert.AreEqual(5 - rate.GetProperty("success").GetProperty("count").GetInt32(), count[1], "at 1/255");
        }

        Assert.AreEqual(5, lines[0].GetProperty("clean").GetProperty("count").GetInt32());
        Assert.Contains("5 of 5 images of the curve were there", again.Error);
        string[] table = File.ReadAllLines(scratch["out", "robustness.csv"]);
        Assert.HasCount(1 + (3 * 6), table);
        Assert.StartsWith("all attacks,linf,", table[^1]);
        Assert.Contains("<svg", File.ReadAllText(scratch["out", "robustness.svg"]));
        Assert.IsGreaterThan(100, ImageFile.Read(scratch["out", "robustness.png"]).Width);
    }

    [TestMethod]
    public void Curve_ImagesWrongWhenClean_AreBroken_AndMinimalAttacksAreAskedOnce()
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePngs(scratch["photos"], 4);
        int top = CliRunner.Run("predict", scratch["photos", "00.png"], "--top", "1", "--json", "--model", TinyModel.Folder).Json[0]
            .GetProperty("top")[0].GetProperty("class").GetInt32();
        JsonElement[] answers = [.. CliRunner.Run("predict", scratch["photos"], "--top", "1", "--json", "--model", TinyModel.Folder).Json
            .EnumerateArray()];
        int right = answers.Count(a => a.GetProperty("top")[0].GetProperty("class").GetInt32() == top);

        JsonElement json = Attack(
            scratch["photos"], scratch["out"], "--method", "deepfool", "--class", $"{top}", "--curve", "--epsilons", "0.0001,20",
            "--json").Json;

        JsonElement line = json.GetProperty("curve").GetProperty("curves")[0];
        Assert.AreEqual(right, line.GetProperty("clean").GetProperty("count").GetInt32());
        Assert.AreEqual(right, line.GetProperty("robust")[0].GetProperty("count").GetInt32(), "no 8-bit image is so near");
        Assert.AreEqual(0, line.GetProperty("robust")[1].GetProperty("count").GetInt32());
    }

    [TestMethod]
    public void Transfer_ToTheSameModel_MisleadsWithEveryImageThatSucceeded()
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePngs(scratch["photos"], 3);
        string other = OtherModel.Write(scratch["other"]);

        JsonElement json = Attack(
            scratch["photos"], scratch["out"], "--method", "pgd", "--epsilon", "16/255", "--transfer", $"{TinyModel.Folder},{other}",
            "--json").Json;

        JsonElement row = json.GetProperty("transfer").GetProperty("rows")[0];
        int won = json.GetProperty("rates")[0].GetProperty("success").GetProperty("count").GetInt32();
        Assert.AreEqual(won, row.GetProperty("images").GetInt32());
        foreach (JsonElement rate in row.GetProperty("rates").EnumerateArray())
        {
            Assert.AreEqual(won, rate.GetProperty("count").GetInt32());
        }

        Assert.HasCount(4, File.ReadAllLines(scratch["out", "transfer.csv"]));
    }

    [TestMethod]
    public void Universal_OneChangeForAll_IsWithinEpsilon_AndIsMeasuredOnImagesHeldOut()
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePngs(scratch["photos"], 6);
        string[] args = ["--method", "universal", "--epsilon", "12/255", "--epochs", "3", "--held-out", "0.5", "--json"];

        JsonElement m = Attack(scratch["photos"], scratch["out"], args).Json;
        CliResult again = Attack(scratch["photos"], scratch["out"], args);

        (Shape shape, float[] change) = Npy.Read(scratch["out", "universal", "perturbation.npy"]);
        Assert.AreEqual(new Shape(3, 32, 32), shape);
        float most = 255 * change.Max(Math.Abs);
        Assert.IsTrue(most is >= 1 and <= 12.0001f, $"{most} levels");
        Assert.AreEqual(MathF.Round(most), most, 1e-4f, "whole levels, in float32");
        Assert.AreEqual(3, m.GetProperty("held_out").GetProperty("of").GetInt32());
        Assert.AreEqual(3, m.GetProperty("noise").GetProperty("of").GetInt32());
        Assert.HasCount(4, File.ReadAllLines(scratch["out", "universal", "curve.csv"]));
        Assert.Contains("from the same settings", again.Error);
    }

    [TestMethod]
    public void Report_ShowsMapsUnitsAndTheCurve_AndMapsOfOneImageAreThoseOfSaliency()
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePngs(scratch["photos"], 2);

        JsonElement json = Attack(
            scratch["photos"], scratch["out"], "--method", "pgd", "--explain", "gradcam,vanilla", "--layer", "features.1", "--report",
            "--curve", "--epsilons", "1/255", "--json").Json;

        JsonElement m = json.GetProperty("results")[0].GetProperty("manifest");
        Assert.AreEqual("features.1", m.GetProperty("unit_layer").GetString());
        Assert.AreEqual(6, m.GetProperty("units").GetArrayLength());
        double[] moves = [.. m.GetProperty("units").EnumerateArray().Select(
            u => Math.Abs(u.GetProperty("after").GetDouble() - u.GetProperty("before").GetDouble()))];
        CollectionAssert.AreEqual(moves.OrderDescending().ToArray(), moves);
        JsonElement[] maps = [.. m.GetProperty("maps").EnumerateArray()];
        Assert.HasCount(4, maps);
        JsonElement gradcam = maps[0];
        CliRunner.Run("saliency", scratch["photos", "00.png"], "--method", "gradcam", "--class",
            $"{gradcam.GetProperty("class").GetProperty("class").GetInt32()}", "--out", scratch["maps"], "--model", TinyModel.Folder)
            .AssertDone();
        CollectionAssert.AreEqual(
            ImageFile.Read(scratch["maps", "00", "gradcam", "overlay.png"]).Pixels,
            ImageFile.Read(scratch["out", "00", "pgd", gradcam.GetProperty("before").GetString()!]).Pixels);
        string page = File.ReadAllText(scratch["out", "attack.html"]);
        foreach (string part in (string[])["Robust accuracy", "Units of features.1", "Probability by step", "gradcam", "all attacks"])
        {
            Assert.Contains(part, page);
        }
    }
}
