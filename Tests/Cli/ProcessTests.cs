using System.Diagnostics;
using Interp.Cli;
using Interp.Tests.Cli.Support;

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

            Assert.IsTrue(process.WaitForExit(TimeSpan.FromSeconds(20)), "a layer takes milliseconds, the rest is patience with a busy machine");
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

    private static Process Start(string script) =>
        Process.Start(new ProcessStartInfo("bash", ["-c", script]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
}
