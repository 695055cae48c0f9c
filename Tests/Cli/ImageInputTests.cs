using System.Diagnostics;
using Interp.Cli;
using Interp.Engine.Tensors;
using Interp.Tests.Cli.Support;
using Interp.Tests.Engine.Imaging;
using Interp.Tests.Support;

namespace Interp.Tests.Cli;

/// <summary>What users give as images, to every command that takes them.</summary>
[TestClass]
public sealed class ImageInputTests
{
    private static IEnumerable<object[]> Commands =>
    [
        [new[] { "predict" }],
        [new[] { "saliency", "--method", "vanilla" }],
        [new[] { "evaluate", "--method", "vanilla", "--metrics", "sparseness" }],
        [new[] { "top-images", "--layer", "features.3", "--channel", "1", "--images" }],
    ];

    [TestMethod]
    [DynamicData(nameof(Commands))]
    public void FolderOfClassFolders_IsDone(string[] command)
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePng(scratch["val", "n1", "x.png"], 1);
        TestImages.WritePng(scratch["val", "n2", "x.png"], 2);

        CliResult result = Run(scratch, command, scratch["val"]).AssertDone();

        IEnumerable<string> json = TemporaryFolder.FilesBelow(scratch.Root).Where(f => f.EndsWith("json", StringComparison.Ordinal));
        string all = result.Out + string.Concat(json.Select(f => File.ReadAllText(scratch[f])));
        Assert.Contains("n1", all);
        Assert.Contains("n2", all);
    }

    [TestMethod]
    [DynamicData(nameof(Commands))]
    public void Folder_WithAForeignImage_IsDoneNamedAndCode2(string[] command)
    {
        using var scratch = new TemporaryFolder();
        TestImages.WritePng(scratch["in", "a.png"]);
        File.WriteAllBytes(scratch["in", "b.webp"], "RIFF\x10\0\0\0WEBPVP8 "u8.ToArray());
        File.WriteAllText(scratch["in", "README.md"], "photos");

        CliResult result = Run(scratch, command, scratch["in"]);

        Assert.AreEqual(ExitCodes.Usage, result.ExitCode, result.Error);
        Assert.Contains("1 image cannot be read: 1 WebP (b.webp)", result.Error);
        Assert.DoesNotContain("README", result.Error);
        Assert.Contains("a", result.Out);
    }

    [TestMethod]
    [DynamicData(nameof(Commands))]
    [OSCondition(OperatingSystems.Linux)]
    [Timeout(60_000)]
    public void Pipe_ThatNobodyWritesTo_IsLeftWhenCancelled(string[] command)
    {
        using var scratch = new TemporaryFolder();
        Directory.CreateDirectory(scratch["in"]);
        foreach (string name in (string[])["a.png", "b.npy"])
        {
            using Process mkfifo = Process.Start("mkfifo", [scratch["in", name]]);
            mkfifo.WaitForExit();
            using var cancel = new CancellationTokenSource(TimeSpan.FromSeconds(1));

            CliResult result = CliRunner.Run(
                cancel.Token, [.. command, scratch["in", name], "--model", TinyModel.Folder, .. Out(scratch, command)]);

            Assert.AreEqual(ExitCodes.Cancelled, result.ExitCode, result.Error);
        }
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    [DataRow("/dev/zero")]
    [DataRow("/dev/null")]
    public void Device_IsRefused(string device)
    {
        using var scratch = new TemporaryFolder();
        File.CreateSymbolicLink(scratch["link.png"], device);
        File.CreateSymbolicLink(scratch["link.npy"], device);

        foreach (string path in (string[])[device, scratch["link.png"], scratch["link.npy"]])
        {
            Run(scratch, ["predict"], path).AssertFailed(ExitCodes.Usage, path);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Commands))]
    public void LowBitsOfSixteen_GetANote(string[] command)
    {
        using var scratch = new TemporaryFolder();

        CliResult result = Run(scratch, command, ImageFixtures.PathOf("grey-12bit.png")).AssertDone();

        Assert.Contains("note: ", result.Error);
        Assert.Contains("grey-12bit.png: its 16-bit values are all below 4096 of 65536", result.Error);
    }

    [TestMethod]
    public void ManyRemarks_AreCounted()
    {
        using var scratch = new TemporaryFolder();
        Directory.CreateDirectory(scratch["in"]);
        for (int i = 0; i < 5; i++)
        {
            File.Copy(ImageFixtures.PathOf("grey-12bit.png"), scratch["in", $"{i}.png"]);
        }

        CliResult result = Run(scratch, ["predict"], scratch["in"]).AssertDone();

        Assert.HasCount(3, result.Error.Split("16-bit values").Skip(1).ToArray(), result.Error);
        Assert.Contains("the same is to be said of 2 more images", result.Error);
    }

    [TestMethod]
    public void Npy_OfPixelValues_GetsANote()
    {
        using var scratch = new TemporaryFolder();
        WriteNpy(scratch["x.npy"], 255);
        WriteNpy(scratch["y.npy"], 2.6f);

        Assert.Contains("expected the network's normalised units", Run(scratch, ["predict"], scratch["x.npy"]).AssertDone().Error);
        Assert.DoesNotContain("note", Run(scratch, ["predict"], scratch["y.npy"]).AssertDone().Error);
    }

    [TestMethod]
    public void Logits_ThatAreNotFinite_AreExplained()
    {
        using var scratch = new TemporaryFolder();
        WriteNpy(scratch["x.npy"], 3e38f);

        CliResult result = Run(scratch, ["predict"], scratch["x.npy"]).AssertDone();

        Assert.Contains(
            "the network's logits are not finite; the activations of layer features.0 (conv2d) are the first that are not finite",
            result.Error);
        Assert.Contains("NaN", result.Out);
    }

    [TestMethod]
    public void LogitsNpy_WithUnreadableFiles_SaysWhichRowsItHas()
    {
        using var scratch = new TemporaryFolder();
        File.WriteAllText(scratch["bad.png"], "no image");
        string[] images = [TestImages.WritePng(scratch["a.png"], 1), scratch["bad.png"], TestImages.WritePng(scratch["b.png"], 2)];

        CliResult result = CliRunner.Run(["predict", .. images, "--model", TinyModel.Folder, "--logits-npy", scratch["z.npy"], "--json"]);

        Assert.AreEqual(ExitCodes.Usage, result.ExitCode);
        Assert.AreEqual(new Shape(2, 10), Npy.Read(scratch["z.npy"]).Shape);
        Assert.AreEqual(2, result.Json.GetArrayLength());
        Assert.Contains("z.npy: its 2 rows are the images of the JSON in that order; what could not be read has none", result.Error);
    }

    private static CliResult Run(TemporaryFolder scratch, string[] command, string input) =>
        CliRunner.Run([.. command, input, "--model", TinyModel.Folder, .. Out(scratch, command)]);

    private static string[] Out(TemporaryFolder scratch, string[] command) => command[0] == "predict" ? [] : ["--out", scratch["out"]];

    private static void WriteNpy(string path, float most)
    {
        using FileStream file = File.Create(path);
        Npy.Write(file, new Shape(3, 32, 32), [.. Enumerable.Range(0, 3 * 32 * 32).Select(i => i % 2 == 0 ? most : 0f)]);
    }
}
