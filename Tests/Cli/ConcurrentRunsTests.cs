using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using Interp.Cli;
using Interp.Engine.Imaging;
using Interp.Tests.Cli.Support;
using Interp.Tests.Support;

namespace Interp.Tests.Cli;

/// <summary>Several processes of the built program at once in one output folder.</summary>
[TestClass]
[OSCondition(OperatingSystems.Linux)]
public sealed class ConcurrentRunsTests
{
    private const string Methods = "vanilla,guided,deconvnet,grad-x-input,gradcam,occlusion,rise,eigencam,layercam,integrated-gradients";
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "interp-cli");

    [TestMethod]
    public void OneImageThreeTimes_GivesTheFilesOfOneRun()
    {
        using var scratch = new TemporaryFolder();
        string image = TestImages.WritePng(scratch["x.png"]);
        Run(scratch["alone"], image);

        Process[] runs = [.. Enumerable.Range(0, 3).Select(_ => Start(scratch["out"], image))];

        foreach (Process run in runs)
        {
            Assert.AreEqual(ExitCodes.Done, Finish(run, out string error), error);
        }

        string[] files = TemporaryFolder.FilesBelow(scratch["alone"]);
        CollectionAssert.AreEqual(files, TemporaryFolder.FilesBelow(scratch["out"]));
        foreach (string file in files.Where(f => !f.EndsWith("manifest.json", StringComparison.Ordinal)))
        {
            CollectionAssert.AreEqual(File.ReadAllBytes(scratch["alone", file]), File.ReadAllBytes(scratch["out", file]), file);
        }
    }

    [TestMethod]
    public void TwoImagesOfOneName_AreNeverMixed()
    {
        using var scratch = new TemporaryFolder();
        string first = TestImages.WritePng(scratch["d1", "x.png"], 1), second = TestImages.WritePng(scratch["d2", "x.png"], 2);
        Run(scratch["alone", "1"], first);
        Run(scratch["alone", "2"], second);
        Dictionary<string, string> folders = new() { [Hash(first)] = scratch["alone", "1"], [Hash(second)] = scratch["alone", "2"] };

        Process[] runs = [Start(scratch["out"], first), Start(scratch["out"], second)];

        int[] codes = [.. runs.Select(run =>
        {
            int code = Finish(run, out string error);
            Assert.IsTrue(code == ExitCodes.Done
                || (code == ExitCodes.Output && error.Contains("another run is putting results", StringComparison.Ordinal)), error);
            return code;
        })];
        Assert.Contains(ExitCodes.Done, codes, "whoever came last has the folder");
        string[] manifests = Directory.GetFiles(scratch["out"], "manifest.json", SearchOption.AllDirectories);
        Assert.HasCount(Methods.Split(',').Length, manifests);
        string owner = manifests.Select(m => JsonDocument.Parse(File.ReadAllText(m)).RootElement.GetProperty("image_hash").GetString()!)
            .Distinct().Single();
        CollectionAssert.AreEqual(
            ImageFile.Read(Path.Combine(folders[owner], "x", "input.png")).Pixels, ImageFile.Read(scratch["out", "x", "input.png"]).Pixels,
            "the image beside its own maps");
        foreach (string file in TemporaryFolder.FilesBelow(folders[owner]).Where(
            f => !f.EndsWith("manifest.json", StringComparison.Ordinal)))
        {
            CollectionAssert.AreEqual(File.ReadAllBytes(Path.Combine(folders[owner], file)), File.ReadAllBytes(scratch["out", file]), file);
        }
    }

    private static void Run(string folder, string image) =>
        Assert.AreEqual(ExitCodes.Done, Finish(Start(folder, image), out string error), error);

    private static Process Start(string folder, string image) => Process.Start(new ProcessStartInfo(
        Program, ["saliency", image, "--method", Methods, "--samples", "60", "--threads", "1", "--model", TinyModel.Folder, "--out",
        folder])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;

    private static int Finish(Process process, out string error)
    {
        using (process)
        {
            _ = process.StandardOutput.ReadToEndAsync();
            error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode;
        }
    }

    private static string Hash(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));
}
