namespace Interp.Tests.Cuda.Compiler;

/// <summary>The committed PTX is what NVIDIA's compiler makes of the sources. <c>scripts/compile_kernels</c> runs this class to write it
/// anew.</summary>
[TestClass]
[OSCondition(OperatingSystems.Linux)]
public sealed class GoldenPtxTests
{
    /// <summary>
    /// The compiler gives some sources now one, now another of two texts, which differ in where a constant is loaded: of 30 runs each about
    /// half. A text that
    /// it gives half the time is missed by so many once in 65 thousand runs.
    /// </summary>
    private const int Attempts = 16;

    private static bool Write => Environment.GetEnvironmentVariable("INTERP_WRITE_KERNELS") == "1";

    public static IEnumerable<object[]> Modules => KernelSources.Names.Select(n => new object[] { n });

    [TestMethod]
    [DynamicData(nameof(Modules))]
    public void Ptx_OfModule_IsWhatTheCompilerGives(string module)
    {
        string committed = File.Exists(KernelSources.PtxPath(module)) ? KernelSources.Ptx(module) : "";
        string compiled = "";
        for (int i = 0; i < Attempts && (i == 0 || compiled != committed); i++)
        {
            (compiled, string log) = KernelCompiler.Compile(module);
            Assert.AreEqual("", log, "errors or warnings");
        }

        if (Write && compiled != committed)
        {
            File.WriteAllText(KernelSources.PtxPath(module), compiled);
        }
        else
        {
            (string compiledLine, string committedLine) = FirstDifference(compiled, committed);
            Assert.AreEqual(compiledLine, committedLine,
                $"{module}.ptx is not what the compiler makes of {module}.cu; scripts/compile_kernels writes it anew");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Modules))]
    public void Ptx_OfModule_NamesNoFolderOfAMachine(string module)
    {
        string[] files = [.. KernelSources.Ptx(module).Split('\n').Where(l => l.StartsWith("\t.file", StringComparison.Ordinal))];

        Assert.IsNotEmpty(files);
        Assert.IsTrue(files.All(f => f.Contains($"\"{KernelCompiler.SourceFolder}", StringComparison.Ordinal)), string.Join("\n", files));
    }

    [TestMethod]
    public void Ptx_WithoutSource_IsNotThere()
    {
        string folder = Path.GetDirectoryName(KernelSources.PtxPath("any"))!;

        CollectionAssert.AreEqual(
            KernelSources.Names.ToArray(),
            Directory.EnumerateFiles(folder, "*.ptx").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)
            .ToArray());
    }

    [TestMethod]
    public void Ptx_OfAChangedSource_IsAnother()
    {
        string changed = KernelSources.Source("tensor").Replace("+", "-", StringComparison.Ordinal);

        Assert.AreNotEqual(KernelSources.Ptx("tensor"), KernelCompiler.Compile("tensor.cu", changed, KernelSources.Header).Ptx);
    }

    [TestMethod]
    [DataRow("KERNEL planted(float* y) { int unused; y[0] = 1.0f; }", "planted.cu(2): warning", true)]
    [DataRow("KERNEL planted(float* y) { y[0] = x; }", "planted.cu(2): error", false)]
    public void Compile_PlantedMistake_IsInTheLog(string kernel, string expected, bool compiles)
    {
        (string ptx, string log) = KernelCompiler.Compile("planted.cu", "#include \"common.cuh\"\n" + kernel, KernelSources.Header);

        Assert.Contains(expected, log);
        Assert.AreEqual(compiles, ptx.Length > 0);
    }

    private static (string Compiled, string Committed) FirstDifference(string compiled, string committed)
    {
        string[] a = compiled.Split('\n'), b = committed.Split('\n');
        int line = Enumerable.Range(0, Math.Max(a.Length, b.Length)).FirstOrDefault(
            i => i >= a.Length || i >= b.Length || a[i] != b[i], -1);
        return line < 0 ? ("", "") : (Line(a, line), Line(b, line));
    }

    private static string Line(string[] lines, int line) => $"line {line + 1}: {(line < lines.Length ? lines[line] : "(the end)")}";
}
