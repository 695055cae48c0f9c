using Interp.Cuda.Profiling;
using Interp.Tests.Cli.Support;
using Interp.Tests.Cuda.Emulation;
using Interp.Tests.Support;

namespace Interp.Tests.Cuda.Profiling;

/// <summary>Ranges reach a tool that attaches as NVIDIA's header for tools says; that <c>nsys</c> does so is not shown here.</summary>
[TestClass]
[OSCondition(OperatingSystems.Linux)]
public sealed class NvtxTests
{
    private const string ToolSource = "Cuda/Profiling/fake_tool.c";

    [TestMethod]
    public void Ranges_WithATool_NestAndCarryTheirNames()
    {
        using var folder = new TemporaryFolder();
        NvtxTool tool = Attach(folder["tool.so"])!;

        using (new NvtxRange(tool, "forward"))
        {
            using (new NvtxRange(tool, "conv1_1"))
            {
            }

            using (new NvtxRange(tool, "Größe→"))
            {
            }
        }

        Assert.AreEqual(
            """
            attach version 3, core 16, domains 16, empty places 64
            push forward
              push conv1_1
              pop
              push Größe→
              pop
            pop

            """,
            File.ReadAllText(folder["tool.so.log"]).Replace("pop \n", "pop\n", StringComparison.Ordinal));
    }

    [TestMethod]
    public void Ranges_OfAToolThatWantsNoEnds_OnlyBegin()
    {
        using var folder = new TemporaryFolder();
        NvtxTool tool = Attach(folder["tool.so"], "-DWITHOUT_POP")!;

        using (new NvtxRange(tool, "conv1_1"))
        {
        }

        Assert.EndsWith("push conv1_1\n", File.ReadAllText(folder["tool.so.log"]));
    }

    [TestMethod]
    public void Attach_ToolThatDeclines_IsNone()
    {
        using var folder = new TemporaryFolder();

        Assert.IsNull(Attach(folder["tool.so"], "-DDECLINES"));
    }

    [TestMethod]
    [DataRow(null)]
    [DataRow("")]
    [DataRow("/nowhere/tool.so")]
    [DataRow("libc.so.6")]
    public void Attach_WithoutATool_IsNone(string? path) => Assert.IsNull(NvtxTool.Attach(path));

    [TestMethod]
    public void Range_WithoutATool_DoesNothing()
    {
        if (Environment.GetEnvironmentVariable(NvtxTool.PathVariable) is not null)
        {
            Assert.Inconclusive("these tests run under a profiler");
        }

        using (Nvtx.Range("conv1_1"))
        {
            Assert.IsFalse(Nvtx.IsListening);
        }
    }

    /// <summary>The program in a process of its own, on the emulated device: each pass is a range, and in it each layer by its
    /// name.</summary>
    [TestMethod]
    public void Saliency_OnADeviceWithATool_NamesPassesAndLayers()
    {
        string device = EmulatedDevice.Folder(EmulatedDevice.Flavour);
        using var folder = new TemporaryFolder();
        CCompiler.BuildLibrary(ToolSource, folder["tool.so"]);
        string image = TestImages.WritePng(folder["image.png"]);

        (int code, _, string error) = Shell.Run(
            $"INTERP_CUDA_PATH='{device}' {NvtxTool.PathVariable}='{folder["tool.so"]}' "
            + $"'{Path.Combine(AppContext.BaseDirectory, "interp-cli")}' "
            + $"saliency '{image}' --backend cuda --method guided --model '{TinyModel.Folder}' --out '{folder["out"]}' --quiet");

        Assert.AreEqual(0, code, error);
        string[] log = File.ReadAllLines(folder["tool.so.log"]);
        string[] layers = ["features.0", "features.2", "features.3", "features.5", "avgpool", "classifier.0", "classifier.3"];
        CollectionAssert.AreEqual(layers, Inside(log, "forward"));
        CollectionAssert.AreEqual(layers.Reverse().ToArray(), Inside(log, "guided from "));
    }

    /// <summary>The names of the ranges in the last range that begins so.</summary>
    private static string[] Inside(string[] log, string start)
    {
        int begin = Array.FindLastIndex(log, l => l.StartsWith("push " + start, StringComparison.Ordinal));
        Assert.IsGreaterThanOrEqualTo(0, begin, $"no range {start} in {string.Join(" ", log)}");
        return [.. log.Skip(begin + 1).TakeWhile(l => l[0] == ' ').Where(l => l.StartsWith("  push ", StringComparison.Ordinal)).Select(
            l => l[7..])];
    }

    private static NvtxTool? Attach(string library, params string[] options)
    {
        CCompiler.BuildLibrary(ToolSource, library, options);
        return NvtxTool.Attach(library);
    }
}
