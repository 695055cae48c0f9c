using Interp.Cuda.Driver;
using Interp.Tests.Cuda.Ptx;
using Interp.Tests.Cuda.Ptx.Execution;
using Interp.Tests.Cuda.Ptx.Parsing;

namespace Interp.Tests.Cuda.Kernels;

/// <summary>
/// The compiled kernels, executed by the interpreter, against plain loops. In each schedule every access is checked too: bounds, alignment,
/// use before writing,
/// races, barriers that not all reach, reads through the non-coherent cache of what is written.
/// </summary>
[TestClass]
public sealed class PtxKernelTests
{
    private static readonly Lazy<PtxModule[]> Modules = new(Parsed);

    /// <summary>Other copies, which note what is reached: the tests of a kernel's instructions alone run it there, once.</summary>
    private static readonly Lazy<PtxModule[]> Counted = new(Parsed);

    private const string Wide = "divisions of 64 bits in copies of the loop's body that a thread comes to only after 2^32 elements";
    private const string Loader = "the compiler does not know that blocks have 256 threads: loops over other shares of a tile";
    private const string Bins = "divisions of 64 bits in a loop over bins larger than 2^32, and empty bins";
    private const string Clamped = "a clamped place is never outside of the image";

    /// <summary>How many instructions of a kernel nothing in reach comes to, and why.</summary>
    private static readonly Dictionary<string, (int Count, string Why)> Unreachable = new()
    {
        ["bias_rows"] = (8, Wide), ["bias_relu_rows"] = (8, Wide), ["linear_backward"] = (2, Wide), ["add_moments"] = (2, Wide),
            ["adam_step"] = (2, Wide), ["split_tf32"] = (2, Wide),
        ["colors_backward"] = (8, Wide), ["sgemm_nn"] = (46, Loader), ["sgemm_tn"] = (152, Loader), ["sgemm_nt"] = (138, Loader),
        ["avgpool_forward"] = (2, Bins), ["avgpool_backward"] = (2, Bins), ["sample_forward"] = (4, Clamped),
        ["sample_backward"] = (12, Clamped),
        ["col2im"] = (1, "the last tap of a window is never beyond the last window"),
        ["activation_softplus"] = (6, "log1p of infinity, and of −1 and less, which e^−|x| never is"),
        ["add_noise"] = (14, "the logarithm of what is no positive normal number, and the cosine of more than 2^51"),
    };

    public static IEnumerable<(string Kernel, string Name)> Names => KernelCases.All().Select(c => (c.Kernel, c.Name));

    public static IEnumerable<string> Kernels => KernelCases.All().Select(c => c.Kernel).Distinct();

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Kernel_EverySchedule_EqualsThePlainLoop(string kernel, string name)
    {
        KernelCase @case = KernelCases.Find(kernel, name);
        PtxModule module = Of(Modules, kernel);
        foreach (Schedule schedule in Schedule.All)
        {
            @case.Check(new KernelRun(kernel, new Machine(module, schedule)));
        }
    }

    /// <summary>What no case comes to is not tested.</summary>
    [TestMethod]
    [DynamicData(nameof(Kernels))]
    public void Kernel_EveryInstruction_IsReached(string kernel)
    {
        PtxModule module = Of(Counted, kernel);
        foreach (KernelCase @case in KernelCases.All().Where(c => c.Kernel == kernel))
        {
            @case.Check(new KernelRun(kernel, new Machine(module, Schedule.All.First())));
        }

        PlaceInText[] missed = [.. module.Kernel(kernel).Instructions.Where(i => !i.Reached).Select(i => i.Place)];
        int allowed = Unreachable.TryGetValue(kernel, out (int Count, string Why) known) ? known.Count : 0;
        Assert.IsTrue(missed.Length <= allowed, $"{missed.Length} instructions ({known.Why}): {string.Join(", ", missed)}");
    }

    [TestMethod]
    public void Modules_EveryKernel_HasACase() => CollectionAssert.AreEquivalent(
        Modules.Value.SelectMany(m => m.Kernels).Select(k => k.Name).ToArray(), KernelCases.All().Select(c => c.Kernel).Distinct()
        .ToArray());

    private static PtxModule[] Parsed() => [.. KernelModules.ResourceNames.Select(n => PtxModule.Parse(KernelModules.ReadText(n), n))];

    private static PtxModule Of(Lazy<PtxModule[]> modules, string kernel) =>
        modules.Value.Single(m => m.Kernels.Any(k => k.Name == kernel));
}
