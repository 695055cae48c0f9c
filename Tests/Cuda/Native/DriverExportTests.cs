using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using Interp.Tests.Cuda.Compiler;
using Interp.Tests.Support;

namespace Interp.Tests.Cuda.Native;

/// <summary>
/// NVIDIA's driver library exports every function that is bound, and means by its plain name, for the CUDA versions that the program is
/// for, the very function
/// of the suffixed name that is bound. No device is needed for that; <c>cuInit</c> is not called.
/// </summary>
[TestClass]
[OSCondition(OperatingSystems.Linux)]
public sealed class DriverExportTests
{
    [TestMethod]
    [DataRow(11080)]
    [DataRow(12000)]
    public void Bindings_AreWhatTheVersionMeansByTheirPlainNames(int version)
    {
        string[] names = [
            .. SignatureTests.Bindings.Where(b => b.GetCustomAttribute<LibraryImportAttribute>()!.LibraryName == "cuda").Select(
            b => b.Name)];

        string[] found = Ask(names.Select(n => (n, n.EndsWith("_v2", StringComparison.Ordinal) ? n[..^3] : n, version)));

        string[] others = [.. names.Zip(found).Where(f => f.Second != "same").Select(f => $"{f.First} is {f.Second}")];
        Assert.IsEmpty(others, string.Join(", ", others));
    }

    [TestMethod]
    public void PlantedNames_AreOtherFunctions()
    {
        string[] plain = ["cuMemAlloc", "cuStreamDestroy", "cuEventDestroy", "cuMemcpyHtoDAsync", "cuStreamBeginCapture"];

        CollectionAssert.AreEqual(Enumerable.Repeat("another", plain.Length).ToArray(), Ask(plain.Select(n => (n, n, 12000))));
        CollectionAssert.AreEqual(new[] { "missing", "unknown" },
            Ask([("cuMemAlloc_v9", "cuMemAlloc", 12000), ("cuMemAlloc_v2", "cuMemAllot", 12000)]));
    }

    private static string[] Ask(IEnumerable<(string Name, string Plain, int Version)> questions)
    {
        string driver = CompilerFolder.Find("libcuda.so.1");
        using var folder = new TemporaryFolder();
        CCompiler.BuildProgram("Cuda/Native/driver_exports.c", folder["exports"]);
        IEnumerable<string> arguments = questions.SelectMany(
            q => new[] { q.Name, q.Plain, q.Version.ToString(CultureInfo.InvariantCulture) });
        (int code, string output, string error) = Shell.Run($"'{folder["exports"]}' '{driver}' {string.Join(" ", arguments)}");
        Assert.AreEqual(0, code, error);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
