using System.Diagnostics;
using System.Text.Json;
using Interp.Engine.Cpu;
using Interp.Tests.Cli.Support;
using Interp.Tests.Support;

namespace Interp.Tests.Cli;

/// <summary>
/// The native programs that <c>scripts/publish</c> made, if it was run: all give the bytes that the managed program gives, those for older
/// processors on an emulated one too where QEMU's user mode is installed, and the first hands over to the one for this processor.
/// </summary>
[TestClass]
[OSCondition(OperatingSystems.Linux)]
public sealed class NativeBuildTests
{
    private static readonly string Managed = Path.Combine(AppContext.BaseDirectory, "interp-cli");

    [TestMethod]
    [DataRow("interp-cli", "", InstructionSet.Vector128)]
    [DataRow("interp-cli", "Nehalem", InstructionSet.Vector128)]
    [DataRow("interp-cli.x86-64-v3", "", InstructionSet.Avx2)]
    [DataRow("interp-cli.x86-64-v3", "Haswell", InstructionSet.Avx2)]
    [DataRow("interp-cli.x86-64-v4", "", InstructionSet.Avx512)]
    public void Saliency_NativeProgram_GivesTheManagedBytes(string name, string processor, InstructionSet needed)
    {
        string native = Published(name);
        if (processor.Length == 0 && !InstructionSets.Supported(needed))
        {
            Assert.Inconclusive($"this processor has no {needed}");
        }

        using var folder = new TemporaryFolder();
        string[] command = [native];
        if (processor.Length > 0)
        {
            if (!File.Exists("/usr/bin/qemu-x86_64"))
            {
                Assert.Inconclusive("qemu-x86_64 is missing; apt-get install qemu-user");
            }

            // Alone in a folder, since QEMU lets a program start others on the real processor.
            File.Copy(native, folder["program"]);
            command = ["qemu-x86_64", "-cpu", processor, folder["program"]];
        }

        string image = TestImages.WritePng(folder["image.png"]);
        Run(folder["managed"], image, Managed);
        Run(folder["native"], image, command);

        string[] files = [.. Files(folder["managed"])];
        CollectionAssert.AreEqual(files, Files(folder["native"]).ToArray());
        Assert.IsGreaterThan(5, files.Length);
        foreach (string file in files)
        {
            CollectionAssert.AreEqual(File.ReadAllBytes(Path.Combine(folder["managed"], file)),
                File.ReadAllBytes(Path.Combine(folder["native"], file)), file);
        }
    }

    [TestMethod]
    public void Bench_NativeProgram_UsesTheWidestInstructionSet()
    {
        string[] arguments = ["bench", "--json", "--runs", "1", "--model", TinyModel.Folder];
        (int code, string output, string error) = Shell.Run(new ProcessStartInfo(Published("interp-cli"), arguments));
        Assert.AreEqual(0, code, error);
        using var managed = new CpuBackend();
        using var bench = JsonDocument.Parse(output);
        Assert.AreEqual(managed.Info.InstructionSet, bench.RootElement.GetProperty("instruction_set").GetString());
    }

    private static string Published(string name)
    {
        string native = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../publish", name));
        if (!File.Exists(native))
        {
            Assert.Inconclusive($"{native} is missing; scripts/publish makes it");
        }

        return native;
    }

    private static IEnumerable<string> Files(string root) => Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
        .Where(f => !f.EndsWith("manifest.json", StringComparison.Ordinal)).Select(f => Path.GetRelativePath(root, f)).Order(
        StringComparer.Ordinal);

    private static void Run(string output, string image, params string[] command)
    {
        string[] arguments = [
            .. command[1..], "saliency", image, "--method", "vanilla,guided", "--model", TinyModel.Folder, "--out", output, "--quiet"];
        (int code, _, string error) = Shell.Run(new ProcessStartInfo(command[0], arguments));
        Assert.AreEqual(0, code, error);
    }
}
