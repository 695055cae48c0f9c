using System.Globalization;
using Interp.Tests.Support;

namespace Interp.Tests.Cuda.Compiler;

/// <summary>
/// The machine code of every kernel stays in its budget, <c>Fixtures/cuda/budget.tsv</c>: at most so many registers on each architecture
/// (they are handed
/// out in eights; 64 let four blocks of 256 threads run on a multiprocessor), nothing spilled, and exactly so much shared memory.
/// </summary>
[TestClass]
[OSCondition(OperatingSystems.Linux)]
public sealed class KernelBudgetTests
{
    private static readonly string[] Architectures = ["sm_70", "sm_80", "sm_90"];

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void Resources_OfEveryKernel_AreInItsBudget()
    {
        Dictionary<string, KernelResources> budget = Budget();
        var found = new Dictionary<string, List<KernelResources>>();
        foreach (string architecture in Architectures)
        {
            foreach (KernelResources kernel in KernelSources.Names.SelectMany(m => Assemble(KernelSources.Ptx(m), architecture)))
            {
                found.TryAdd(kernel.Kernel, []);
                found[kernel.Kernel].Add(kernel);
            }
        }

        TestContext.WriteLine($"{"kernel",-28}{string.Concat(Architectures.Select(a => $"{a,8}"))}{"budget",8}{"spilled",9}{"shared",8}");
        var over = new List<string>();
        foreach ((string kernel, List<KernelResources> resources) in found.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            budget.TryGetValue(kernel, out KernelResources? allowed);
            TestContext.WriteLine(
                $"{kernel,-28}{string.Concat(resources.Select(r => $"{r.Registers,8}"))}{allowed?.Registers,8}"
                + $"{resources.Max(r => r.SpillBytes),9}{resources[0].SharedBytes,8}");
            if (allowed is null
                || !resources.All(r => r.Registers <= allowed.Registers && r.SpillBytes <= allowed.SpillBytes
                && r.SharedBytes == allowed.SharedBytes))
            {
                over.Add($"{string.Join(", ", resources)}; budget {allowed?.ToString() ?? "none"}");
            }
        }

        over.AddRange(budget.Keys.Except(found.Keys).Select(k => $"the budget has {k}, the kernels have not"));
        Assert.IsEmpty(over, string.Join("\n", over));
    }

    [TestMethod]
    [DataRow("__launch_bounds__(1024) planted(float* y) { float a[96]; for (int i = 0; i < 96; i++) { a[i] = y[i]; } __syncthreads(); "
        + "for (int i = 0; i < 96; i++) { y[95 - i] = sinf(a[i] * a[95 - i]); } }")]
    [DataRow("planted(float* y, int i) { float a[8]; for (int j = 0; j < 8; j++) { a[(int)y[j] & 7] = y[j]; } y[9] = a[i]; }")]
    public void Resources_OfAPlantedSpill_ShowIt(string kernel)
    {
        string ptx = KernelCompiler.Compile("planted.cu", "extern \"C\" __global__ void " + kernel, "").Ptx;

        Assert.IsGreaterThan(0, Assemble(ptx, "sm_70").Single().SpillBytes);
    }

    [TestMethod]
    public void Assemble_PtxWithAPlantedError_SaysWhere()
    {
        string ptx = KernelSources.Ptx("tensor").Replace("add.rn.f32", "add.rn.u32", StringComparison.Ordinal);

        (byte[] code, string log) = PtxAssembler.Assemble(ptx, "sm_90");

        Assert.IsEmpty(code);
        Assert.Contains("error", log);
    }

    private static IEnumerable<KernelResources> Assemble(string ptx, string architecture)
    {
        (byte[] code, string log) = PtxAssembler.Assemble(ptx, architecture);
        Assert.IsNotEmpty(code, log);
        CollectionAssert.AreEqual("\u007fELF"u8.ToArray(), code[..4]);
        Assert.DoesNotContain("warning", log);
        return KernelResources.Parse(log);
    }

    private static Dictionary<string, KernelResources> Budget() => Tsv.Read("cuda", "budget.tsv").Select(r => new KernelResources(
        r["kernel"], Number(r["registers"]), Number(r["spilled"]), Number(r["shared"]))).ToDictionary(r => r.Kernel);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
