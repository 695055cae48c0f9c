using Interp.Cli;
using Interp.Tests.Cli.Support;
using Interp.Tests.Support;

namespace Interp.Tests.Cli.Commands;

[TestClass]
public sealed class GalleryCommandTests
{
    [TestMethod]
    public void Channels_AreMadeOnceAndShownOnOnePage()
    {
        using var scratch = new TemporaryFolder();
        CliResult first = Gallery(scratch, "--layer", "features.3", "--channels", "0-2,5").AssertDone();
        string page = File.ReadAllText(scratch["out", "gallery.html"]);
        byte[] manifest = File.ReadAllBytes(scratch["out", "features.3-5", "manifest.json"]);

        Assert.AreEqual(4, page.Split("<figure>").Length - 1);
        Assert.AreEqual(4, page.Split("<polyline").Length - 1);
        Assert.Contains("default-src 'none'", page);
        Assert.DoesNotContain("{{", page);

        File.Delete(scratch["out", "features.3-1", "image.png"]);
        CliResult second = Gallery(scratch, "--layer", "features.3", "--channels", "0-2,5").AssertDone();
        Assert.Contains("3 of 4 images were there", second.Error);
        File.WriteAllBytes(scratch["out", "features.3-0", "image.npy"], []);
        Assert.Contains("3 of 4 images were there", Gallery(scratch, "--layer", "features.3", "--channels", "0-2,5").AssertDone().Error,
            "an emptied file is made again");
        Assert.Contains("4 of 4 images were there",
            Gallery(scratch, "--layer", "features.3", "--channels", "0-2,5", "--threads", "3").AssertDone().Error);
        Assert.AreEqual(first.Out, second.Out);
        CollectionAssert.AreEqual(manifest, File.ReadAllBytes(scratch["out", "features.3-5", "manifest.json"]), "not written again");
        Assert.DoesNotContain("were there",
            Gallery(scratch, "--layer", "features.3", "--channels", "0-2,5", "--seed", "4").AssertDone().Error);
    }

    [TestMethod]
    public void Classes_OfAFile_ReportHowManyAreReadBack()
    {
        using var scratch = new TemporaryFolder();
        File.WriteAllText(scratch["classes.txt"], "zebra\n\n7\n");
        CliResult result = Gallery(scratch, "--classes", scratch["classes.txt"], "--probability", "--steps", "60").AssertDone();

        Assert.IsTrue(Directory.Exists(scratch["out", "class-3"]) && Directory.Exists(scratch["out", "class-7"]));
        Assert.Contains("of 2 images are read back as their class, mean probability", result.Error);
    }

    [TestMethod]
    [DataRow("nothing to show", "--layer", "features.3")]
    [DataRow("give one of them", "--classes", "1", "--channels", "2")]
    [DataRow("--probability goes with --classes", "--layer", "features.3", "--channels", "1", "--probability")]
    [DataRow("from 0 to 7", "--layer", "features.3", "--channels", "3-8")]
    [DataRow("from 0 to 7", "--layer", "features.3", "--channels", "x")]
    [DataRow("from 0 to 7", "--layer", "features.3", "--channels", "3-1")]
    [DataRow("unicorn", "--classes", "1,unicorn")]
    public void WrongUsage_IsOneLine(string expected, params string[] args)
    {
        using var scratch = new TemporaryFolder();
        Gallery(scratch, args).AssertFailed(ExitCodes.Usage, expected);
    }

    private static CliResult Gallery(TemporaryFolder scratch, params string[] args) =>
        CliRunner.Run(
        ["gallery", .. args.Contains("--steps") ? Array.Empty<string>() : ["--steps", "4"], .. args, "--model", TinyModel.Folder, "--out",
        scratch["out"]]);
}
