using System.Diagnostics;
using Interp.Cli;
using Interp.Tests.Cli.Support;
using Interp.Tests.Support;

namespace Interp.Tests.Cli;

/// <summary>What only a process of its own can show: signals and a standard output that fails.</summary>
[TestClass]
[OSCondition(OperatingSystems.Linux)]
public sealed class ProcessTests
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "interp-cli");

    [TestMethod]
    [DataRow("INT")]
    [DataRow("TERM")]
    public void Signal_DuringWork_EndsWithCode130(string signal)
    {
        using Process process = Start($"exec '{Program}' bench --model '{TinyModel.Folder}' --size 512 --runs 10000");
        try
        {
            Assert.StartsWith("note: ", process.StandardError.ReadLine());

            using Process kill = Process.Start("kill", ["-s", signal, $"{process.Id}"]);

            Assert.IsTrue(process.WaitForExit(TimeSpan.FromSeconds(20)),
                "a layer takes milliseconds, the rest is patience with a busy machine");
            Assert.AreEqual(ExitCodes.Cancelled, process.ExitCode);
            Assert.StartsWith("error: cancelled", process.StandardError.ReadToEnd());
        }
        finally
        {
            process.Kill();
        }
    }

    [TestMethod]
    [DataRow("methods")]
    [DataRow("--help")]
    public void StandardOutput_Full_GivesCode5(string args)
    {
        using Process process = Start($"exec '{Program}' {args} > /dev/full");
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();

        Assert.AreEqual(ExitCodes.Output, process.ExitCode, error);
        Assert.StartsWith("error: standard output", error);
    }

    [TestMethod]
    public void StandardOutput_ClosedByItsReader_IsNoError()
    {
        using Process process = Start($"'{Program}' methods --json | head -n 1 > /dev/null; echo ${{PIPESTATUS[0]}} >&2");
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();

        Assert.AreEqual("0\n", error);
    }

    [TestMethod]
    [DataRow("models", ">&-")]
    [DataRow("methods --json", ">&-")]
    [DataRow("doctor", ">&-")]
    [DataRow("--help", ">&-")]
    [DataRow("saliency --help", ">&-")]
    [DataRow("--version", ">&-")]
    [DataRow("models", ">&- <&-")]
    public void StandardOutput_Closed_GivesCode5AndOneLine(string args, string closed)
    {
        using Process process = Start($"exec '{Program}' {args} {closed}");
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();

        Assert.AreEqual(ExitCodes.Output, process.ExitCode, error);
        Assert.AreEqual("error: standard output: cannot be written: it is closed\n", error);
    }

    [TestMethod]
    [DataRow("predict nowhere.png 2>&-", ExitCodes.Usage)]
    [DataRow("predict nowhere.png 2>/dev/full", ExitCodes.Usage)]
    [DataRow("predct 2>&-", ExitCodes.Usage)]
    [DataRow("models 2>&-", ExitCodes.Done)]
    [DataRow("models <&-", ExitCodes.Done)]
    [DataRow("models 2>&- <&-", ExitCodes.Done)]
    [DataRow("models >&- 2>&- <&-", ExitCodes.Output)]
    [DataRow("models >/dev/full 2>/dev/full", ExitCodes.Output)]
    public void ClosedStreams_DoNotChangeTheExitCode(string args, int code)
    {
        using Process process = Start($"exec '{Program}' {args}");
        process.StandardError.ReadToEnd();
        process.WaitForExit();

        Assert.AreEqual(code, process.ExitCode);
    }

    [TestMethod]
    public void StandardOutput_Closed_LeavesTheResultsWhole()
    {
        using var scratch = new TemporaryFolder();
        string image = TestImages.WritePng(scratch["cat.png"]);
        string args = $"saliency '{image}' --method vanilla,gradcam --model '{TinyModel.Folder}' --quiet";
        using Process closed = Start($"exec '{Program}' {args} --out '{scratch["closed"]}' >&- 2>&- <&-"),
            open = Start($"exec '{Program}' {args} --out '{scratch["open"]}'");
        closed.WaitForExit();
        open.WaitForExit();

        Assert.AreEqual(ExitCodes.Output, closed.ExitCode);
        string[] files = TemporaryFolder.FilesBelow(scratch["open"]);
        CollectionAssert.AreEqual(files, TemporaryFolder.FilesBelow(scratch["closed"]));
        foreach (string file in files.Where(f => !f.EndsWith("manifest.json", StringComparison.Ordinal)))
        {
            CollectionAssert.AreEqual(File.ReadAllBytes(scratch["open", file]), File.ReadAllBytes(scratch["closed", file]), file);
        }
    }

    private static Process Start(string script) =>
        Process.Start(new ProcessStartInfo("bash", ["-c", script]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
}
