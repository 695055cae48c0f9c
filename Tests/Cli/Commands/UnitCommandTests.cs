using System.Text.Json;
using Interp.Cli;
using Interp.Tests.Cli.Support;
using Interp.Tests.Support;

namespace Interp.Tests.Cli.Commands;

[TestClass]
public sealed class UnitCommandTests
{
    private const string Folder = "features.3-2-unit";

    [TestMethod]
    public void Page_NeedsNothingBesideIt_AndHoldsEverything()
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePngs(scratch["photos"], 6);

        CliResult result = Unit(scratch, "--count", "4").AssertDone();

        string page = File.ReadAllText(scratch["out", Folder, "unit.html"]);
        Assert.AreEqual(8, page.Split("<figure>\n<div class=\"pair\">").Length - 1, "four that excite it most, four least");
        Assert.AreEqual(17, page.Split("src=\"").Length, "a cut-out and a whole image of each");
        Assert.AreEqual(16, page.Split("src=\"data:image/png;base64,").Length - 1);
        Assert.Contains("default-src 'none'", page);
        Assert.Contains("class=\"histogram\"", page);
        Assert.Contains("images with another top class", page);
        Assert.Contains("None yet", page);
        Assert.DoesNotContain("{{", page);
        Assert.DoesNotContain("http://", page);
        Assert.Contains("features.3:2", result.Out);
    }

    [TestMethod]
    public void Removal_ToTheMean_TakesTheMeanOverAllImages()
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePngs(scratch["photos"], 5);

        JsonElement zero = Unit(scratch, "--json").AssertDone().Json, mean = Unit(scratch, "--json", "--removal", "mean").AssertDone().Json;

        Assert.AreEqual(0, zero.GetProperty("removal").GetProperty("value").GetDouble());
        double expected = mean.GetProperty("examples").GetProperty("units")[0].GetProperty("statistics").GetProperty("mean_activation")
            .GetDouble();
        Assert.AreEqual(expected, mean.GetProperty("removal").GetProperty("value").GetDouble(), 1e-6 * Math.Abs(expected),
            "rounded to float32");
        Assert.AreEqual(5, mean.GetProperty("removal").GetProperty("images").GetInt32());
        Assert.AreNotEqual(zero.GetProperty("removal").GetProperty("top_drop").GetDouble(),
            mean.GetProperty("removal").GetProperty("top_drop").GetDouble());
    }

    [TestMethod]
    public void Removal_OfABadImageAmongGoodOnes_IsMeasuredOverTheGoodOnes()
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePngs(scratch["photos"], 3);
        File.WriteAllText(scratch["photos", "bad.png"], "no image");

        CliResult result = Unit(scratch, "--json", "--removal", "mean");

        Assert.AreEqual(ExitCodes.Usage, result.ExitCode);
        Assert.AreEqual(1, result.Error.Split("error: ").Length - 1, result.Error);
        Assert.AreEqual(3, result.Json.GetProperty("removal").GetProperty("images").GetInt32());
    }

    [TestMethod]
    public void OptimisedImages_OfTheSameFolder_AreShownAndCompared()
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePngs(scratch["photos"], 3);
        Assert.DoesNotContain("optimised image", Unit(scratch).AssertDone().Out);
        string[] visualize = [
            "visualize", "--layer", "features.3", "--channel", "2", "--steps", "40", "--model", TinyModel.Folder, "--out", scratch["out"]];
        double after = CliRunner.Run([.. visualize, "--json"]).AssertDone().Json.GetProperty("manifest").GetProperty("activation_after")
            .GetDouble();
        CliRunner.Run([.. visualize, "--negative"]).AssertDone();

        JsonElement unit = Unit(scratch, "--json").AssertDone().Json;

        JsonElement optimized = unit.GetProperty("optimized"), statistics = unit.GetProperty("examples").GetProperty("units")[0]
            .GetProperty("statistics");
        Assert.AreEqual(after, optimized.GetProperty("mean").GetDouble(), 1e-5, "the same image and unit; float32");
        Assert.AreEqual(optimized.GetProperty("mean").GetDouble() / statistics.GetProperty("highest_mean").GetDouble(),
            optimized.GetProperty("mean_ratio").GetDouble(), 1e-12);
        Assert.IsLessThan(statistics.GetProperty("lowest_mean").GetDouble(), unit.GetProperty("negative").GetProperty("mean").GetDouble());
        string page = File.ReadAllText(scratch["out", Folder, "unit.html"]);
        Assert.Contains("Optimised to excite it", page);
        Assert.Contains("Optimised to suppress it", page);
    }

    [TestMethod]
    public void OptimisedImages_ThatAreNotThere_AreMadeOnce()
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePngs(scratch["photos"], 2);

        Unit(scratch, "--steps", "5").AssertDone();

        string made = scratch["out", "features.3-2", "manifest.json"];
        Assert.IsTrue(File.Exists(scratch["out", "features.3-2-negative", "image.png"]));
        Assert.Contains("Optimised to suppress it", File.ReadAllText(scratch["out", Folder, "unit.html"]));
        DateTime before = File.GetLastWriteTimeUtc(made);
        Assert.Contains("there from the same settings", Unit(scratch, "--steps", "5").AssertDone().Error);
        Assert.AreEqual(before, File.GetLastWriteTimeUtc(made));
    }

    [TestMethod]
    [DataRow("features.0")]
    [DataRow("features.1")]
    [DataRow("classifier.0")]
    public void LayersOfAnyKind_HaveAPage(string layer)
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePngs(scratch["photos"], 2);

        JsonElement json = CliRunner.Run(
            "unit", "--layer", layer, "--channel", "1", "--images", scratch["photos"], "--steps", "4", "--model", TinyModel.Folder, "--out",
            scratch["out"], "--json").AssertDone().Json;

        Assert.AreEqual(2, json.GetProperty("removal").GetProperty("images").GetInt32());
    }

    [TestMethod]
    public void ChannelsOfTheOutput_CannotBeRemoved_AndThePageSaysSo()
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePngs(scratch["photos"], 2);

        CliResult result = CliRunner.Run(
            "unit", "--layer", "classifier.3", "--channel", "1", "--images", scratch["photos"], "--steps", "4", "--model", TinyModel.Folder,
            "--out", scratch["out"]).AssertDone();

        Assert.Contains("its removal cannot be measured: layer classifier.3", result.Error);
        Assert.Contains("its channels are the classes themselves", File.ReadAllText(scratch["out", "classifier.3-1-unit", "unit.html"]));
    }

    [TestMethod]
    public void SecondRun_TakesWhatIsThere()
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePngs(scratch["photos"], 2);
        string first = Unit(scratch).AssertDone().Out;

        CliResult second = Unit(scratch).AssertDone();

        Assert.AreEqual(first, second.Out);
        Assert.Contains("was there", second.Error);
    }

    [TestMethod]
    public void Threads_GiveTheSamePage()
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePngs(scratch["photos"], 5);
        Unit(scratch, "--threads", "1").AssertDone();
        byte[] one = File.ReadAllBytes(scratch["out", Folder, "unit.html"]);
        Unit(scratch, "--threads", "2").AssertDone();

        CollectionAssert.AreEqual(one, File.ReadAllBytes(scratch["out", Folder, "unit.html"]));
    }

    [TestMethod]
    public void Cancelled_ShowsWhatWasSeen()
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePngs(scratch["photos"], 24);
        File.WriteAllText(scratch["photos", "12-bad.png"], "no image");

        CliResult result = CliRunner.RunUntil("12-bad.png", [.. Arguments(scratch), "--batch", "1", "--steps", "0"]);

        Assert.AreEqual(ExitCodes.Cancelled, result.ExitCode, result.Error);
        Assert.Contains("Partial: the search was stopped", File.ReadAllText(scratch["out", Folder, "unit.html"]));
        Assert.DoesNotContain("was there", CliRunner.Run([.. Arguments(scratch), "--batch", "1", "--steps", "0"]).Error);
    }

    [TestMethod]
    public void WrongUsage_IsOneLine()
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePngs(scratch["photos"], 1);
        string[] args = [
            "unit", "--layer", "features.3", "--images", scratch["photos"], "--model", TinyModel.Folder, "--out", scratch["out"]];

        CliRunner.Run([.. args, "--channel", "1,2"]).AssertFailed(ExitCodes.Usage, "expected one channel");
        CliRunner.Run([.. args, "--channel", "9"]).AssertFailed(ExitCodes.Usage, "0 to 7");
        CliRunner.Run([.. args, "--channel", "1", "--removal", "half"]).AssertFailed(ExitCodes.Usage, "zero, mean");
    }

    [TestMethod]
    public void OptimisedImages_OfAnotherModel_AreNotShown()
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePngs(scratch["photos"], 2);
        CliRunner.Run("visualize", "--layer", "features.3", "--channel", "2", "--steps", "5", "--model", OtherModel.Write(scratch["model"]),
            "--out", scratch["out"]).AssertDone();

        Assert.DoesNotContain("Optimised to excite it", Page(Unit(scratch).AssertDone()));
        CliResult made = Unit(scratch, "--steps", "5").AssertDone();

        Assert.Contains("of another: it is replaced", made.Error);
        Assert.Contains("Optimised to excite it", Page(made));

        string Page(CliResult _) => File.ReadAllText(scratch["out", Folder, "unit.html"]);
    }

    [TestMethod]
    public void DamagedFiles_AreMadeAgain()
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePngs(scratch["photos"], 2);
        Unit(scratch).AssertDone();
        byte[] page = File.ReadAllBytes(scratch["out", Folder, "unit.html"]);
        File.WriteAllText(scratch["out", Folder, "unit.html"], "junk");

        Assert.DoesNotContain("was there", Unit(scratch).AssertDone().Error);
        CollectionAssert.AreEqual(page, File.ReadAllBytes(scratch["out", Folder, "unit.html"]));
    }

    private static string[] Arguments(TemporaryFolder scratch) =>
        ["unit", "--layer", "features.3", "--channel", "2", "--images", scratch["photos"], "--model", TinyModel.Folder, "--out",
        scratch["out"]];

    private static CliResult Unit(TemporaryFolder scratch, params string[] args) =>
        CliRunner.Run([.. Arguments(scratch), .. args.Contains("--steps") ? Array.Empty<string>() : ["--steps", "0"], .. args]);
}
