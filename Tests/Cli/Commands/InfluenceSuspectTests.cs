using System.Globalization;
using System.Text.Json;
using Interp.Cli.Output;
using Interp.Engine.Imaging;
using Interp.Engine.Influence;
using Interp.Engine.Influence.Suspects;
using Interp.Tests.Cli.Support;
using Interp.Tests.Support;

namespace Interp.Tests.Cli.Commands;

/// <summary><c>influence --mislabelled</c>, <c>--compare</c>, and the command on the real network.</summary>
[TestClass]
public sealed class InfluenceSuspectTests
{
    [TestMethod]
    public void Mislabelled_AnImageInTheWrongFolder_IsFirst()
    {
        using var scratch = new TemporaryFolder();
        InfluenceCommandTests.Prepare(scratch, 8);
        ColourFolders.WriteOne(scratch["train", "red", "wrong.png"], 0, 70);

        CliResult result = Suspects(scratch, "--count", "3").AssertDone();

        IReadOnlyList<string>[] rows = [.. CsvReader.Rows(File.ReadAllText(scratch["out", "mislabelled", "mislabelled.csv"]))];
        Assert.HasCount(1 + 25, rows);
        Assert.EndsWith("wrong.png", rows[1][1]);
        Assert.AreEqual("red", rows[1][2]);
        Assert.AreEqual("blue", rows[1][3]);
        Assert.Contains("no label is known to be wrong", result.Out);
        JsonElement json = Suspects(scratch, "--count", "3", "--json").AssertDone().Json;
        JsonElement[] lines = [.. json.GetProperty("suspects").EnumerateArray()];
        Assert.HasCount(3, lines);
        for (int i = 0; i < 3; i++)
        {
            Assert.AreEqual(lines[i].GetProperty("train_image").GetString(), rows[i + 1][1]);
            Assert.AreEqual(lines[i].GetProperty("suggested_probability").GetDouble(), Number(rows[i + 1][4]));
            int loss = rows[0].ToList().IndexOf("loss");
            Assert.AreEqual(lines[i].GetProperty("scores").GetProperty("loss").GetDouble(), Number(rows[i + 1][loss]));
        }

        Assert.Contains("suspect-1.png", File.ReadAllText(scratch["out", "mislabelled", "page.html"]));
    }

    [TestMethod]
    public void Planted_EveryRankingIsMeasured_BesideChance()
    {
        using var scratch = new TemporaryFolder();
        InfluenceCommandTests.Prepare(scratch, 14);

        JsonElement planted = Suspects(scratch, "--plant", "0.1", "--count", "4", "--json").AssertDone().Json.GetProperty("planted");

        Assert.AreEqual(33, planted.GetProperty("images").GetInt32(), "three of fourteen are held out of each class");
        Assert.AreEqual(3, planted.GetProperty("wrong").GetInt32());
        Assert.AreEqual(9, planted.GetProperty("tests").GetInt32());
        JsonElement[] rankings = [.. planted.GetProperty("rankings").EnumerateArray()];
        Assert.HasCount(SuspectScores.All.Names.Count(), rankings);
        double loss = rankings.Single(r => r.GetProperty("name").GetString() == "loss").GetProperty("auroc").GetDouble();
        Assert.IsGreaterThan(0.95, loss, "colours are easy");
        CliResult words = Suspects(scratch, "--plant", "0.1", "--count", "4").AssertDone();
        foreach (string part in (string[])[
            "3 of 33 labels were made wrong", "by chance 0.4 would be", "self-influence", "chance", "held-out"])
        {
            Assert.Contains(part, words.Out);
        }
    }

    [TestMethod]
    public void Compare_AllMethodsInOneTable()
    {
        using var scratch = new TemporaryFolder();
        InfluenceCommandTests.Prepare(scratch, 8);

        CliResult result = CliRunner.Run("influence", "--train", scratch["train"], "--model", TinyModel.Folder, "--out", scratch["out"],
            "--compare", "--subsets", "20", "--json").AssertDone();

        JsonElement[] methods = [.. result.Json.GetProperty("methods").EnumerateArray()];
        CollectionAssert.AreEqual(
            InfluenceMethods.All.Names.ToArray(), methods.Select(m => m.GetProperty("method").GetString()).ToArray());
        double influence = methods[0].GetProperty("lds").GetDouble();
        double random = methods.Single(m => m.GetProperty("method").GetString() == "random").GetProperty("lds").GetDouble();
        Assert.IsGreaterThan(0.5, influence);
        Assert.IsInRange(-0.35, 0.35, random);
        IReadOnlyList<string>[] rows = [.. CsvReader.Rows(File.ReadAllText(scratch["out", "compare", "compare.csv"]))];
        Assert.AreEqual(influence, Number(rows[1][1]));
        Assert.HasCount(1 + methods.Length, rows);
        CliResult words = CliRunner.Run("influence", "--train", scratch["train"], "--model", TinyModel.Folder, "--out", scratch["out"],
            "--compare", "--subsets", "20").AssertDone();
        Assert.Contains("all of it was there", words.Error);
        Assert.Contains("20 heads", words.Out);
        Assert.Contains("chance", words.Out);
    }

    /// <summary>Crops of photos that are shipped: the head sees the network's own features.</summary>
    [TestMethod]
    public void RealNetwork_PhotosOfTwoThings_AreToldApart()
    {
        using var scratch = new TemporaryFolder();
        foreach ((string folder, string photo) in (ReadOnlySpan<(string, string)>)[("tabby", "chelsea.png"), ("espresso", "coffee.png")])
        {
            RgbImage image = ImageFile.Read(Repository.PathOf("Cli", "photos", photo));
            int side = Math.Min(image.Width, image.Height) * 4 / 5;
            for (int i = 0; i < 5; i++)
            {
                int x = (image.Width - side) * i / 4, y = (image.Height - side) * (4 - i) / 4;
                string path = i < 4 ? scratch["train", folder, $"{i}.png"] : scratch["asked", $"{folder}.png"];
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                ImageFile.WritePng(path, image.Part(x, y, side, side));
            }
        }

        JsonElement done = CliRunner.Run(
            "influence", scratch["asked"], "--train", scratch["train"], "--out", scratch["out"], "--count", "2", "--checks", "3", "--json",
            "--l2", "0.1", "--model", "vgg16-200").AssertDone().Json;

        Assert.AreEqual("features.30", done.GetProperty("head").GetProperty("layer").GetString());
        Assert.AreEqual(2, done.GetProperty("head").GetProperty("agreement").GetProperty("images").GetInt32());
        foreach (JsonElement question in done.GetProperty("questions").EnumerateArray())
        {
            string own = Path.GetFileNameWithoutExtension(question.GetProperty("image").GetString()!);
            Assert.AreEqual(own, question.GetProperty("label").GetString());
            string says = question.GetProperty("network").GetProperty("label").GetString()!;
            Assert.AreEqual(
                says.StartsWith(own, StringComparison.Ordinal) ? "network" : "head", question.GetProperty("chosen_by").GetString(), says);
            Assert.AreEqual(own, question.GetProperty("helpful")[0].GetProperty("class").GetString(), "what helps most is of the class");
            Assert.AreEqual(0.5, question.GetProperty("same_class_chance").GetDouble());
            foreach (JsonElement line in question.GetProperty("helpful").EnumerateArray())
            {
                double newton = line.GetProperty("newton").GetDouble(), truth = line.GetProperty("truth").GetDouble();
                Assert.AreEqual(truth, newton, 0.2 * truth, "a Newton step is within a fifth of the truth");
            }
        }
    }

    private static double Number(string cell) => double.Parse(cell, CultureInfo.InvariantCulture);

    private static CliResult Suspects(TemporaryFolder scratch, params string[] more) => CliRunner.Run(
        ["influence", "--train", scratch["train"], "--model", TinyModel.Folder, "--out", scratch["out"], "--mislabelled", .. more]);
}
