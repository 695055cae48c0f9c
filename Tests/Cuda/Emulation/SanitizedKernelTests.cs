using Interp.Tests.Support;

namespace Interp.Tests.Cuda.Emulation;

/// <summary>Every kernel as the host's compiler checks it, on large odd shapes; what those checks find in kernels with faults.</summary>
[TestClass]
public sealed class SanitizedKernelTests
{
    private static readonly Lazy<TemporaryFolder> s_planted = new(() => Build(EmulatorBuild.PlantedKernels, "planted_cases.cpp"));

    [TestMethod]
    public void Kernels_OnLargeShapes_AreClean()
    {
        using TemporaryFolder folder = Build(Repository.PathOf("Cuda", "Kernels"), "cases.cpp");
        (int code, string output, string error) = Shell.Run($"'{folder["undefined"]}'");
        Assert.AreEqual(0, code, error);
        Assert.AreEqual($"{Kernels()} kernels", output.Trim());

        (code, _, error) = Shell.Run($"'{folder["address"]}'");
        Assert.AreEqual(0, code, error);
    }

    [TestMethod]
    [DataRow("undefined", "overflow", "signed integer overflow")]
    [DataRow("undefined", "cast", "outside the range of representable values")]
    [DataRow("undefined", "divergent", "divergent barrier: 10 threads wait, 246 have left")]
    [DataRow("undefined", "torn_shuffle", "a shuffle that only a part of the warp reaches")]
    [DataRow("undefined", "unsaid", "not a BARRIER_KERNEL")]
    [DataRow("undefined", "missed", "place 255 of 256 was not written")]
    [DataRow("address", "behind", "heap-buffer-overflow")]
    [DataRow("address", "beyond", "heap-buffer-overflow")]
    public void KernelWithAFault_IsFound(string program, string kernel, string finding)
    {
        (int code, _, string error) = Shell.Run($"'{s_planted.Value[program]}' {kernel}");

        Assert.AreNotEqual(0, code);
        Assert.Contains(finding, error);
    }

    [TestMethod]
    [DataRow("undefined", "reversed")]
    [DataRow("address", "quotients")]
    public void KernelWithoutAFault_IsClean(string program, string kernel)
    {
        (int code, string output, string error) = Shell.Run($"'{s_planted.Value[program]}' {kernel}");

        Assert.AreEqual(0, code, error);
        Assert.AreEqual("1 kernels", output.Trim());
    }

    [ClassCleanup]
    public static void Remove()
    {
        if (s_planted.IsValueCreated)
        {
            s_planted.Value.Dispose();
        }
    }

    /// <summary>How many kernels the committed PTX has.</summary>
    private static int Kernels() => Compiler.KernelSources.Names.Sum(n =>
        File.ReadAllText(Repository.PathOf("Cuda", "Kernels", $"{n}.ptx")).Split(".visible .entry").Length - 1);

    private static TemporaryFolder Build(string kernels, string cases)
    {
        EmulatorBuild.RequireCompiler();
        var folder = new TemporaryFolder();
        string emulator = Repository.PathOf("Tests", "Cuda", "Emulator");
        (int code, _, string error) = Shell.Run($"'{emulator}/sanitize' '{folder.Root}' '{kernels}' '{emulator}/sanitizing/{cases}'");
        Assert.AreEqual(0, code, error);
        return folder;
    }
}
