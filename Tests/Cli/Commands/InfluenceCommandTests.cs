using System.Globalization;
using System.Text.Json;
using Interp.Cli;
using Interp.Cli.Output;
using Interp.Tests.Cli.Support;
using Interp.Tests.Support;

namespace Interp.Tests.Cli.Commands;

[TestClass]
public sealed class InfluenceCommandTests
{
    private static readonly string[] s_columns = ["image", "rank", "train_image", "class", "influence", "newton", "truth"];

    [TestMethod]
    public void Table_RanksAllTrainingImages_AndEqualsTheManifest()
    {
        using var scratch = new TemporaryFolder();
        string image = Prepare(scratch, 6);

        JsonElement done = Ask(scratch, [image], "--json", "--count", "3", "--checks", "4", "--l2", "0.1").AssertDone().Json;

        IReadOnlyList<string>[] rows = [.. CsvReader.Rows(File.ReadAllText(scratch["out", "influence.csv"]))];
        CollectionAssert.AreEqual(s_columns, rows[0].ToArray());
        rows = rows[1..];
        Assert.HasCount(18, rows);
        double[] influence = [.. rows.Select(r => Number(r[4]))];
        CollectionAssert.AreEqual(influence.OrderDescending().ToArray(), influence, "the most helpful first");
        CollectionAssert.AreEqual(Enumerable.Range(1, 18).Select(i => $"{i}").ToArray(), rows.Select(r => r[1]).ToArray());
        JsonElement question = done.GetProperty("questions")[0];
        Assert.AreEqual("red", question.GetProperty("label").GetString());
        Assert.AreEqual("option", question.GetProperty("chosen_by").GetString());
        Assert.AreEqual("red", rows[0][3], "what helps most is of the class");
        JsonElement[] lines = [.. Lines(question)];
        Assert.HasCount(3 + 3 + 4, lines);
        foreach (JsonElement line in lines)
        {
            IReadOnlyList<string> row = rows[line.GetProperty("rank").GetInt32() - 1];
            Assert.AreEqual(image, row[0]);
            Assert.AreEqual(line.GetProperty("train_image").GetString(), row[2]);
            Assert.AreEqual(line.GetProperty("class").GetString(), row[3]);
            Assert.AreEqual(line.GetProperty("influence").GetDouble(), Number(row[4]), row[2]);
            Assert.AreEqual(line.GetProperty("newton").GetDouble(), Number(row[5]), row[2]);
            JsonElement truth = line.GetProperty("truth");
            Assert.AreEqual(truth.ValueKind == JsonValueKind.Number ? truth.GetDouble() : double.NaN, Number(row[6]), row[2]);
        }

        Assert.AreEqual(4 + 4, rows.Count(r => r[6].Length > 0), "four of those shown and four random ones were retrained");
        JsonElement all = question.GetProperty("checks").EnumerateArray().Single(c => c.GetProperty("images").GetString() == "all");
        Assert.AreEqual(8, all.GetProperty("count").GetInt32());
        Assert.IsGreaterThan(0.95, all.GetProperty("newton").GetProperty("pearson").GetDouble());
        Assert.IsInRange(0.8, 1.25, all.GetProperty("newton").GetProperty("slope").GetDouble(), "the size is right too");
    }

    [TestMethod]
    public void Folder_HoldsImagesMapsChartsAndPage()
    {
        using var scratch = new TemporaryFolder();
        string image = Prepare(scratch, 4);

        CliResult result = Ask(scratch, [image], "--count", "2", "--checks", "3", "--remove-top", "--method", "all").AssertDone();

        string[] expected =
        [
            "check.png", "check.svg", "harmful-1-map.png", "harmful-1.png", "harmful-2-map.png", "harmful-2.png", "helpful-1-map.png",
            "helpful-1.png", "helpful-2-map.png", "helpful-2.png", "influence.csv", "influence.png", "influence.svg", "manifest.json",
            "removal.png", "removal.svg", "test-map.png", "test.png",
        ];
        CollectionAssert.AreEqual(expected, TemporaryFolder.FilesBelow(scratch["out", "asked", "influence"]));
        string page = File.ReadAllText(scratch["out", "page.html"]);
        Assert.DoesNotContain("{{", page);
        Assert.Contains("src=\"asked/influence/helpful-1-map.png\"", page);
        Assert.AreEqual(3, page.Split("<svg").Length - 1);
        Assert.Contains("default-src 'none'", page);
        foreach (string part in (string[])["helpful: without it, the loss rises", "harmful: without it, the loss falls",
            "checked by training again without each of", "and without each of 3 random ones", "where chance gives 33.3 %",
            "how far it speaks for the network cannot be said", "most helpful", "trak", "knn"])
        {
            Assert.Contains(part, result.Out);
        }

        IReadOnlyList<string>[] methods = [.. CsvReader.Rows(File.ReadAllText(scratch["out", "methods.csv"]))];
        Assert.HasCount(1 + 8, methods, "every method but influence");
    }

    [TestMethod]
    public void SecondQuestion_TakesFeaturesAndHeadAsTheyAre()
    {
        using var scratch = new TemporaryFolder();
        string image = Prepare(scratch, 4), other = ColourFolders.WriteOne(scratch["other.png"], 0, 91);
        Ask(scratch, [image]).AssertDone();
        Dictionary<string, DateTime> before = Kept(scratch);
        Assert.HasCount(5, before);

        Ask(scratch, [other]).AssertDone();

        Assert.IsTrue(Kept(scratch).All(f => before[f.Key] == f.Value), "nothing of it was written again");
        byte[] table = File.ReadAllBytes(scratch["out", "influence.csv"]);
        Directory.Delete(scratch["out"], recursive: true);
        Ask(scratch, [other]).AssertDone();
        CollectionAssert.AreEqual(table, File.ReadAllBytes(scratch["out", "influence.csv"]), "and nothing depends on it");
        Assert.Contains("1 of 1 results were there", Ask(scratch, [other]).AssertDone().Error);
    }

    [TestMethod]
    public void DamagedStore_IsNotBelieved()
    {
        using var scratch = new TemporaryFolder();
        string image = Prepare(scratch, 3);
        Ask(scratch, [image]).AssertDone();
        byte[] table = File.ReadAllBytes(scratch["out", "influence.csv"]);
        foreach (string file in Kept(scratch).Keys.Where(f => f.EndsWith(".npy", StringComparison.Ordinal)
            || f.EndsWith(".bin", StringComparison.Ordinal)).ToArray())
        {
            byte[] bytes = File.ReadAllBytes(file);
            bytes[^2] ^= 0x3f;
            File.WriteAllBytes(file, bytes);
            Directory.Delete(scratch["out", "asked"], recursive: true);
            Ask(scratch, [image]).AssertDone();
            CollectionAssert.AreEqual(table, File.ReadAllBytes(scratch["out", "influence.csv"]), file);
        }

        File.WriteAllText(Kept(scratch).Keys.First(f => f.EndsWith("manifest.json", StringComparison.Ordinal)), "{");
        Directory.Delete(scratch["out", "asked"], recursive: true);
        Ask(scratch, [image]).AssertDone();
        CollectionAssert.AreEqual(table, File.ReadAllBytes(scratch["out", "influence.csv"]));
    }

    [TestMethod]
    public void ThreadsAndBatches_GiveTheSameBytes()
    {
        using var scratch = new TemporaryFolder();
        string image = Prepare(scratch, 4);
        Ask(scratch, [image], "--threads", "1", "--batch", "1", "--remove-top").AssertDone();
        Directory.Move(scratch["out"], scratch["first"]);
        Ask(scratch, [image], "--threads", "2", "--batch", "5", "--remove-top").AssertDone();
        foreach (string file in TemporaryFolder.FilesBelow(scratch["out"]).Where(f => !f.EndsWith("manifest.json", StringComparison.Ordinal)
            && !f.EndsWith(".html", StringComparison.Ordinal)))
        {
            CollectionAssert.AreEqual(File.ReadAllBytes(scratch["first", file]), File.ReadAllBytes(scratch["out", file]), file);
        }
    }

    [TestMethod]
    public void Class_IsWhatWasAskedFor_ElseWhatNetworkOrHeadSay()
    {
        using var scratch = new TemporaryFolder();
        string image = Prepare(scratch, 4);
        Assert.AreEqual("head", Question(Ask(scratch, [image], "--class", "", "--json")).GetProperty("chosen_by").GetString());
        JsonElement tabby = Question(Ask(scratch, [image], "--class", "tabby", "--json"));
        Assert.AreEqual("tabby, tabby cat", tabby.GetProperty("label").GetString());
        Assert.AreEqual(1, Question(Ask(scratch, [image], "--class", "n02123045", "--json")).GetProperty("class").GetInt32());
        Ask(scratch, [image], "--class", "submarine").AssertFailed(ExitCodes.Usage, "--class submarine", "not among the folders");

        static JsonElement Question(CliResult result) => result.AssertDone().Json.GetProperty("questions")[0];
    }

    [TestMethod]
    public void WrongUse_IsOneLine()
    {
        using var scratch = new TemporaryFolder();
        string image = Prepare(scratch, 3);
        Directory.CreateDirectory(scratch["empty"]);
        Directory.CreateDirectory(scratch["one", "blue"]);
        Directory.CreateDirectory(scratch["hollow", "blue"]);
        File.Copy(image, scratch["one", "blue", "a.png"]);
        File.WriteAllText(scratch["bad.png"], "no image");
        ColourFolders.Write(scratch, "single", 1, 5);
        Fails("holds 0 folders", image, "--train", scratch["empty"]);
        Fails("holds 1 folders", image, "--train", scratch["one"]);
        Fails("every class has one image", image, "--train", scratch["single"]);
        Fails("no such file", image, "--train", scratch["missing"]);
        Fails("no image", "--train", scratch["train"]);
        Fails("takes no image", image, "--train", scratch["train"], "--mislabelled");
        Fails("give one of them", "--train", scratch["train"], "--mislabelled", "--compare");
        Fails("bad.png", scratch["bad.png"], "--train", scratch["train"]);
        Fails("no layer 'features.9'", image, "--train", scratch["train"], "--layer", "features.9");
        Fails("the image itself", image, "--train", scratch["train"], "--layer", "input");
        Fails("influence method", image, "--train", scratch["train"], "--method", "influence,luck");
        Fails("expected 2 to", "--train", scratch["single"], "--l2", "1", "--mislabelled", "--plant", "0.1");

        void Fails(string part, params string[] args) =>
            CliRunner.Run(["influence", .. args, "--model", TinyModel.Folder, "--out", scratch["out"], "--quiet"])
                .AssertFailed(ExitCodes.Usage, part);
    }

    [TestMethod]
    public void OneImageOfEachClass_WithAPenalty_IsAnswered_AndSaid()
    {
        using var scratch = new TemporaryFolder();
        string image = Prepare(scratch, 1);
        CliResult result = Ask(scratch, [image], "--l2", "1").AssertDone();
        Assert.Contains("every class has one image", result.Error);
        Assert.Contains("nothing was held out", result.Out);
        Assert.HasCount(4, File.ReadAllLines(scratch["out", "influence.csv"]));
    }

    [TestMethod]
    public void TestImage_ThatIsATrainingImage_IsSaid()
    {
        using var scratch = new TemporaryFolder();
        Prepare(scratch, 3);
        CliResult result = Ask(scratch, [scratch["train", "red", "1.png"]]).AssertDone();
        Assert.Contains("it is itself a training image", result.Out);
        File.Copy(scratch["train", "red", "1.png"], scratch["train", "blue", "twice.png"]);
        result = Ask(scratch, [scratch["train", "red", "1.png"]]).AssertDone();
        Assert.Contains("1 image lies in folders of different classes", result.Error);
    }

    [TestMethod]
    public void BadImages_AreReported_AndTheOthersAreUsed()
    {
        using var scratch = new TemporaryFolder();
        string image = Prepare(scratch, 3), bad = scratch["bad.png"];
        File.WriteAllText(bad, "no image");
        File.WriteAllText(scratch["train", "red", "9.png"], "no image");
        for (int run = 0; run < 2; run++)
        {
            CliResult result = Ask(scratch, [bad, image], "--json");
            Assert.AreEqual(ExitCodes.Usage, result.ExitCode);
            Assert.Contains("bad.png", result.Error);
            Assert.Contains("9.png", result.Error, "each time");
            Assert.AreEqual(1, result.Json.GetProperty("head").GetProperty("skipped").GetInt32());
            Assert.HasCount(1, result.Json.GetProperty("questions").EnumerateArray().ToArray());
        }
    }

    [TestMethod]
    public void Cancelled_KeepsTheFeaturesThatThereAre()
    {
        using var scratch = new TemporaryFolder();
        string image = Prepare(scratch, 12);
        File.WriteAllText(scratch["train", "red", "9-bad.png"], "no image");

        CliResult result = CliRunner.RunUntil("9-bad.png", Arguments(scratch, [image], "--batch", "1"));

        Assert.AreEqual(ExitCodes.Cancelled, result.ExitCode);
        Assert.IsFalse(File.Exists(scratch["out", "influence.csv"]));
        string manifest = Kept(scratch).Keys.Single(f => f.EndsWith("manifest.json", StringComparison.Ordinal));
        int rows = JsonDocument.Parse(File.ReadAllText(manifest)).RootElement.GetProperty("images").GetArrayLength();
        Assert.IsInRange(20, 36, rows);
    }

    internal static string Prepare(TemporaryFolder scratch, int each)
    {
        ColourFolders.Write(scratch, "train", each, 0);
        return ColourFolders.WriteOne(scratch["asked.png"], 2, 90);
    }

    internal static CliResult Ask(TemporaryFolder scratch, string[] images, params string[] more) =>
        CliRunner.Run(Arguments(scratch, images, more));

    private static string[] Arguments(TemporaryFolder scratch, string[] images, params string[] more)
    {
        int asked = Array.IndexOf(more, "--class");
        string[] target = asked < 0 ? ["--class", "red"] : more[asked + 1].Length == 0 ? [] : ["--class", more[asked + 1]];
        string[] rest = asked < 0 ? more : [.. more[..asked], .. more[(asked + 2)..]];
        return
        [
            "influence", .. images, "--train", scratch["train"], "--model", TinyModel.Folder, "--out", scratch["out"], .. target, .. rest,
        ];
    }

    private static Dictionary<string, DateTime> Kept(TemporaryFolder scratch) =>
        Directory.EnumerateFiles(scratch["out", "heads"], "*", SearchOption.AllDirectories).ToDictionary(f => f, File.GetLastWriteTimeUtc);

    private static IEnumerable<JsonElement> Lines(JsonElement question) =>
        new[] { "helpful", "harmful", "random" }.SelectMany(g => question.GetProperty(g).EnumerateArray());

    private static double Number(string cell) => cell.Length == 0 ? double.NaN : double.Parse(cell, CultureInfo.InvariantCulture);
}
