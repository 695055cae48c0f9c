using Interp.Cuda.Driver;
using Interp.Tests.Cuda.Ptx;
using Interp.Tests.Cuda.Ptx.Execution;

namespace Interp.Tests.Cuda.Kernels;

/// <summary>Faults planted in the PTX of the kernels, each found by one of their cases, in every schedule.</summary>
[TestClass]
public sealed class PlantedKernelFaultTests
{
    private const string Barrier = "bar.sync \t0;";

    /// <summary>The first barrier of the reduction, without which the second reduction overwrites what warps still read of the
    /// first.</summary>
    [TestMethod]
    public void Softmax_WithoutABarrierBeforeItsSums_Races() =>
        Fails("softmax", "softmax_forward", "2 rows of 1000", [FaultKind.SharedRace], Barrier, "", 2);

    [TestMethod]
    public void PlaneMeans_WithoutABarrier_ReadsWhatIsNotThere() =>
        Fails("maps", "plane_means", "3 planes of 1000", [FaultKind.SharedRace, FaultKind.UninitializedMemory], Barrier, "");

    [TestMethod]
    public void Product_WithoutABarrierBehindTheTiles_ReadsWhatIsNotThere() =>
        Fails("gemm", "sgemm_nn", "2 of 70x21 by 21x67", [FaultKind.SharedRace, FaultKind.UninitializedMemory], Barrier, "");

    [TestMethod]
    public void Product_WithoutABarrierBeforeTheNextTiles_Races() =>
        Fails("gemm", "sgemm_nn", "2 of 70x21 by 21x67", [FaultKind.SharedRace], Barrier, "", 1);

    [TestMethod]
    public void Relu_OneElementTooMany_IsOutOfBounds() =>
        Fails("relu", "relu_forward", "100 values", [FaultKind.OutOfBounds], "setp.ge.s64", "setp.gt.s64");

    /// <summary>What a compiler makes of a pointer declared __restrict__: a GPU may then read old values, while everything compiled for a
    /// host is right.</summary>
    [TestMethod]
    public void Relu_NonCoherentGradient_FailsInPlaceOnly()
    {
        string text = KernelModules.ReadText("relu.ptx").Replace("ld.global.f32", "ld.global.nc.f32", StringComparison.Ordinal);
        Run(text, "relu_backward_guided", "5000 values", Schedule.All.First());
        Assert.AreEqual(
            FaultKind.NonCoherentRead,
            Assert.ThrowsExactly<PtxFault>(() => Run(text, "relu_backward_guided", "in place", Schedule.All.First())).Kind);
    }

    [TestMethod]
    public void Relu_OtherComparison_DiffersFromThePlainLoop() => Assert.ThrowsExactly<AssertFailedException>(() => Run(
        KernelModules.ReadText("relu.ptx").Replace("setp.le.f32", "setp.lt.f32", StringComparison.Ordinal), "relu_forward", "5000 values",
        Schedule.All.First()));

    /// <summary>Replaces the occurrence of a text that comes after <paramref name="skipped"/> others.</summary>
    private static void Fails(string module, string kernel, string name, FaultKind[] kinds, string old, string replacement, int skipped = 0)
    {
        string text = KernelModules.ReadText($"{module}.ptx");
        int at = text.IndexOf($".entry {kernel}(", StringComparison.Ordinal);
        for (int i = 0; i <= skipped; i++)
        {
            at = text.IndexOf(old, at + 1, StringComparison.Ordinal);
        }

        text = text[..at] + replacement + text[(at + old.Length)..];
        foreach (Schedule schedule in Schedule.All)
        {
            PtxFault fault = Assert.ThrowsExactly<PtxFault>(() => Run(text, kernel, name, schedule));
            Assert.Contains(fault.Kind, kinds, fault.Message);
        }
    }

    private static void Run(string text, string kernel, string name, Schedule schedule) =>
        KernelCases.All().Single(c => c.Kernel == kernel && c.Name == name).Check(
        new KernelRun(kernel, new Machine(PtxModule.Parse(text, "planted.ptx"), schedule)));
}
