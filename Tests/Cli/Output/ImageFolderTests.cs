using System.Text.Json;
using Interp.Cli.Output;
using Interp.Engine.Common;
using Interp.Engine.Imaging;
using Interp.Tests.Cli.Support;
using Interp.Tests.Support;

namespace Interp.Tests.Cli.Output;

/// <summary>Two runs at once in one folder, step by step in the orders that could mix their results.</summary>
[TestClass]
public sealed class ImageFolderTests
{
    [TestMethod]
    public void ClaimOfAnother_BetweenTwoWrites_EndsTheFirstRunsPart()
    {
        using var scratch = new TemporaryFolder();
        (ImageFolder first, Manifest a) = Folder(scratch, 1);
        (ImageFolder second, Manifest b) = Folder(scratch, 2);
        first.Claim(a);
        Assert.IsNotNull(first.Write(a, f => Fill(f, a)));

        second.Claim(b);

        Assert.IsTrue(first.IsLost);
        Assert.IsNull(first.Write(a with { Method = "guided" }, f => Fill(f, a)));
        CollectionAssert.AreEqual((string[])["input.png"], TemporaryFolder.FilesBelow(scratch["x"]),
            "the first run's result is gone, and it adds none");
        Assert.IsNotNull(second.Write(b, f => Fill(f, b)));
        Assert.IsFalse(second.IsLost);
    }

    [TestMethod]
    public void ClaimOfAnother_WhileAResultIsWritten_TakesItBack()
    {
        using var scratch = new TemporaryFolder();
        (ImageFolder first, Manifest a) = Folder(scratch, 1);
        (ImageFolder second, Manifest b) = Folder(scratch, 2);
        first.Claim(a);

        SaliencyLine? line = first.Write(a, files =>
        {
            Manifest written = Fill(files, a);
            second.Claim(b);
            Assert.IsNotNull(second.Write(b with { Method = "guided" }, f => Fill(f, b)));
            return written;
        });

        Assert.IsNull(line);
        CollectionAssert.AreEqual((string[])["guided/a.png", "guided/manifest.json", "input.png"],
            TemporaryFolder.FilesBelow(scratch["x"]));
    }

    [TestMethod]
    public void SameClaim_OfSeveralRuns_IsSharedByAll()
    {
        using var scratch = new TemporaryFolder();
        (ImageFolder first, Manifest a) = Folder(scratch, 1);
        (ImageFolder second, _) = Folder(scratch, 1);
        first.Claim(a);
        SaliencyLine? inner = null;

        SaliencyLine? outer = first.Write(a, files =>
        {
            Manifest written = Fill(files, a);
            Assert.IsNull(second.Claim(a));
            inner = second.Write(a, f => Fill(f, a));
            return written;
        });

        Assert.IsNotNull(outer);
        Assert.IsNotNull(inner);
        Assert.IsTrue(ImageFolder.Holds(outer));
    }

    [TestMethod]
    public void FileThatAnotherRunSpoils_IsWrittenAgain()
    {
        using var scratch = new TemporaryFolder();
        (ImageFolder folder, Manifest a) = Folder(scratch, 1);
        folder.Claim(a);
        int calls = 0;

        SaliencyLine? line = folder.Write(a, files =>
        {
            Manifest written = Fill(files, a);
            if (calls++ == 0)
            {
                File.WriteAllText(scratch["x", "vanilla", "a.png"], "other");
            }

            return written;
        });

        Assert.AreEqual(2, calls);
        Assert.IsTrue(ImageFolder.Holds(line!));
    }

    private static Manifest s_template = null!;

    [ClassInitialize]
    public static void MakeTemplate(TestContext context)
    {
        using var scratch = new TemporaryFolder();
        CliRunner.Run("saliency", TestImages.WritePng(scratch["x.png"]), "--method", "vanilla", "--model", TinyModel.Folder, "--out",
            scratch["out"]).AssertDone();
        s_template = JsonSerializer.Deserialize(
            File.ReadAllText(scratch["out", "x", "vanilla", "manifest.json"]), CliJson.Strict.Manifest)!;
    }

    private static Manifest Fill(ResultFiles files, Manifest manifest)
    {
        files.Add("a.png", s => s.Write("image"u8));
        return manifest with { Files = ["a.png"], Sha256 = files.SumsOf(["a.png"]) };
    }

    private static (ImageFolder Folder, Manifest Manifest) Folder(TemporaryFolder scratch, ulong image)
    {
        var rng = new Rng(image);
        var pixels = new RgbImage(8, 8, [.. Enumerable.Range(0, 8 * 8 * 3).Select(i => (byte)(256 * rng.Uniform((ulong)i)))]);
        Directory.CreateDirectory(scratch["x"]);
        return (new ImageFolder(scratch["x"], new NetworkInput("x.png", pixels, [], $"{image}")),
            s_template with { ImageHash = $"{image}", Settings = $"{image}" });
    }
}
